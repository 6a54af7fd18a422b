import { createReadStream, openSync, readFileSync, readSync, closeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createGunzip, gunzipSync, constants } from 'node:zlib';
import type { RunResult } from '@jarvis-load/engine/result';
import { documentedDialect, objectivesFor, SCENARIOS } from '@jarvis-load/jarvis';
import { summaryNameOf } from '@jarvis-load/k6-scenarios';
import { readK6 } from '@jarvis-load/reporter/ingest';

const PEEK_BYTES = 16 * 1024;

/** The beginning of a file as text, unpacked where it is packed. */
function peek(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(PEEK_BYTES);
    const start = bytes.subarray(0, readSync(file, bytes, 0, PEEK_BYTES, 0));
    if (!path.endsWith('.gz')) return start.toString('utf8');
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
  } catch {
    return '';
  } finally {
    closeSync(file);
  }
}

/** Whether a file holds lines as k6's `--out json` writes them; its very first line may be cut. */
export function looksLikeK6(path: string): boolean {
  return peek(path)
    .split('\n', 20)
    .some((line) => /^\{.*"type"\s*:\s*"(Metric|Point)"/.test(line));
}

/** The summary that k6 wrote beside the samples, where it is there under the name that the suite gives it. */
function summaryBeside(path: string): unknown {
  const name = summaryNameOf(basename(path));
  if (name === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(join(dirname(path), name), 'utf8'));
  } catch {
    return undefined;
  }
}

/** The result document of any k6 output; what is known of our own scenarios is added by their names. */
export async function resultOfSamples(path: string): Promise<RunResult> {
  const stream = createReadStream(path);
  const reading = await readK6(
    path.endsWith('.gz') ? stream.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : stream,
    {
      fileName: basename(path),
      scenarios: SCENARIOS.map(({ create }) => {
        // Which load it was the file does not say.
        const {
          executor: _executor,
          thresholds: _thresholds,
          ...known
        } = create({
          dialect: documentedDialect,
          credentials: { token: 'none' },
          runId: 'none',
        });
        return known;
      }),
    },
  );
  const summary = summaryBeside(path);
  return reading.result({
    runId: basename(path).replace(/\.json(\.gz)?$/, ''),
    target: { name: basename(path), url: 'not in the file' },
    objectives: objectivesFor(reading.operations),
    ...(summary === undefined ? {} : { summary }),
    notes: [
      {
        level: 'info',
        code: 'k6-file',
        text: `Made from ${basename(path)}: target, load, seed and how k6 ended are not in it; the environment is that of the machine that made this report.`,
      },
    ],
  });
}
