import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseAbort, type AbortReason } from '../k6/abort-reason.ts';

/** The abort that a line of k6's log reports, whichever `--log-format` it has: logfmt, JSON, or the message alone. */
export function abortIn(line: string): AbortReason | undefined {
  return parseAbort(messageOf(line));
}

/** Length of a log file, in bytes; 0 where there is none. */
export function lengthOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last abort in a log file, of what stands behind the first `from` bytes: k6 appends. Undefined where it cannot be read. */
export async function abortInFile(file: string, from: number): Promise<AbortReason | undefined> {
  let found: AbortReason | undefined;
  try {
    for await (const line of createInterface({ input: createReadStream(file, { start: from }) }))
      found = abortIn(line) ?? found;
  } catch {
    return undefined;
  }
  return found;
}

/** k6 logs in logfmt when its output is not a terminal: `level=error msg="..."`; with `--log-format=json`, `{"msg":"..."}`. */
function messageOf(line: string): string {
  if (line.startsWith('{')) {
    try {
      const { msg } = JSON.parse(line) as { readonly msg?: unknown };
      return typeof msg === 'string' ? msg : line;
    } catch {
      return line;
    }
  }
  const quoted = / msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  if (quoted === undefined) return line;
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}
