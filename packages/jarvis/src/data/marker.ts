/**
 * A unique word, so that a full-text search for it finds exactly one memory. Letters and digits only, because an index
 * splits words at any other character.
 */
export function marker(runId: string, user: number, iteration: number): string {
  return `souvenir${runId.replace(/[^A-Za-z0-9]/g, '').toLowerCase()}u${user}i${iteration}`;
}
