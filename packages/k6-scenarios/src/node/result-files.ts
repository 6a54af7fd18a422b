/**
 * Names of k6's result files, and its summary.
 *
 * Must hold: until `takeSummary` the summary file holds the users' token. The caller calls it as soon as k6 has ended, before the
 * file is copied or linked.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** `YYYYMMDD-HHMMSS` in local time, as in file names of the old suite. */
function timestampOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** File names of one run: `chat-api-20261122-171500.json`, `chat-api-summary-20261122-171500.json`. */
export function resultFileNames(
  fileName: string,
  startedAt: Date,
): { readonly samples: string; readonly summary: string } {
  const stamp = timestampOf(startedAt);
  return { samples: `${fileName}-${stamp}.json`, summary: `${fileName}-summary-${stamp}.json` };
}

/**
 * Possible names of the summary of a file of samples: `out-summary.json` for `out.json`, and the name used by the old
 * suite.
 */
export function summaryNamesOf(samples: string): readonly string[] {
  const name = samples.replace(/\.(?:json|csv)(?:\.gz)?$/, '');
  const parts = /^(.+)-(\d{8}-\d{6})$/.exec(name);
  return [...(parts === null ? [] : [`${parts[1]}-summary-${parts[2]}.json`]), `${name}-summary.json`];
}

/**
 * Reads k6's summary and removes `setup_data`, which contains the users' token, from the file.
 * @returns the summary; `undefined` when k6 wrote none
 */
export function takeSummary(path: string): unknown {
  let summary: unknown;
  try {
    summary = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof summary === 'object' && summary !== null && 'setup_data' in summary) {
    delete summary.setup_data;
    writeFileSync(path, `${JSON.stringify(summary, undefined, 4)}\n`);
  }
  return summary;
}
