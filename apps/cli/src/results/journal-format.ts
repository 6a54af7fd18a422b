/** Name of the journal in the folder of a run. */
export const JOURNAL_NAME = 'journal.ndjson';

/** What a line of a journal holds: the head of the run, one second of it, or its end. */
export type JournalPart = 'run' | 'snapshot' | 'end';

const PARTS: readonly JournalPart[] = ['run', 'snapshot', 'end'];

/** One line of a journal. @param text JSON of the part, as `@jarvis-load/engine/replay` writes it */
export function journalLine(part: JournalPart, text: string): string {
  return `{"${part}":${text}}\n`;
}

/** The part that a line holds, and its JSON; `undefined` for a line of something else. */
export function readJournalLine(
  line: string,
): { readonly part: JournalPart; readonly text: string } | undefined {
  const part = PARTS.find((name) => line.startsWith(`{"${name}":{`));
  if (part === undefined || !line.endsWith('}}')) return undefined;
  return { part, text: line.slice(part.length + 4, -1) };
}
