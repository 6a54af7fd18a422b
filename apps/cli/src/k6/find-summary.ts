import { reasonOf } from '@jarvis-load/engine/show';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { summaryNamesOf } from '@jarvis-load/k6-scenarios';
import { isK6Summary } from '@jarvis-load/reporter/ingest';
import { usageError } from '../cli-error.ts';

/** A k6 summary, or the reason why an existing one cannot be used. */
export type FoundSummary =
  | { readonly kind: 'found'; readonly name: string; readonly json: unknown }
  | { readonly kind: 'unusable'; readonly name: string; readonly why: string }
  | { readonly kind: 'none' };

const EXPECTED =
  'what k6 run --summary-export=<file> writes, or the JSON of the data that handleSummary gets';

/**
 * The summary at a given path.
 * @throws CliError exit 2 when it cannot be read or is not a k6 summary
 */
export function namedSummary(path: string, given: string): FoundSummary {
  const read = readJson(path);
  if ('why' in read)
    throw usageError('k6-summary', `${given} cannot be used as a summary of k6 (${read.why})`, EXPECTED);
  return { kind: 'found', name: basename(path), json: read.json };
}

/** The summary beside the samples, under one of the usual names. */
export function summaryBeside(samples: string): FoundSummary {
  for (const name of summaryNamesOf(basename(samples))) {
    const read = readJson(join(dirname(samples), name));
    if (!('why' in read)) return { kind: 'found', name, json: read.json };
    if (read.why !== 'ENOENT') return { kind: 'unusable', name, why: read.why };
  }
  return { kind: 'none' };
}

function readJson(path: string): { readonly json: unknown } | { readonly why: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    return { why: (cause as NodeJS.ErrnoException).code ?? reasonOf(cause) };
  }
  try {
    const json: unknown = JSON.parse(text);
    return isK6Summary(json) ? { json } : { why: 'it is JSON, but no summary of k6' };
  } catch {
    return { why: 'it is not JSON' };
  }
}
