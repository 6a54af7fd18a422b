/**
 * One word that occurs nowhere else, so that a full-text search for it finds exactly one memory: letters and digits
 * only, because an index splits words at anything else.
 */
export function marker(runId: string, user: number, iteration: number): string {
  return `souvenir${runId.replace(/[^A-Za-z0-9]/g, '').toLowerCase()}u${user}i${iteration}`;
}
