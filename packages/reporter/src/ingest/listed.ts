const MOST_LISTED = 10;

/** Names for a sentence: the first ten, and the number of further ones. */
export function listed(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  const shown = names.slice(0, MOST_LISTED).join('; ');
  return rest > 0 ? `${shown}; and ${rest} more` : shown;
}
