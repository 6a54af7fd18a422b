import { deflateSync, inflateSync } from 'node:zlib';

/** Name of the journal in the folder of a run. */
export const JOURNAL_NAME = 'journal.ndjson';

/** What a line of a journal holds: the head of the run, one second of it, or its end. */
export type JournalPart = 'run' | 'snapshot' | 'end';

const PARTS: readonly JournalPart[] = ['run', 'snapshot', 'end'];

/** A line of this many bytes of JSON is no second of a run. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * One line of a journal. A second is compressed, to about half of its JSON: the checks and metrics of a run have the same names
 * in each. zlib's checksum finds damage.
 *
 * @param text JSON of the part, as `@jarvis-load/engine/replay` writes it
 */
export function journalLine(part: JournalPart, text: string): string {
  if (part !== 'snapshot') return `{"${part}":${text}}\n`;
  return `{"${part}":"${deflateSync(text).toString('base64')}"}\n`;
}

/** The part that a line holds, and its JSON; `undefined` for a line of something else, or a damaged one. */
export function readJournalLine(
  line: string,
): { readonly part: JournalPart; readonly text: string } | undefined {
  const part = PARTS.find((name) => line.startsWith(`{"${name}":`));
  if (part === undefined || !line.endsWith('}')) return undefined;
  const value = line.slice(part.length + 4, -1);
  if (value.startsWith('{') && value.endsWith('}')) return { part, text: value };
  const text = /^"[\w+/=]+"$/.test(value) ? inflated(value.slice(1, -1)) : undefined;
  return text === undefined ? undefined : { part, text };
}

function inflated(base64: string): string | undefined {
  try {
    return inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}
