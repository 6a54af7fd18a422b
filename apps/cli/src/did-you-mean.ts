import { nearestName } from '@jarvis-load/engine';

/** Text for `expected` after an unknown name: all known names, and the closest one. */
export function oneOf(word: string, known: readonly string[]): string {
  const near = nearestName(word, known);
  const all = `one of ${known.join(', ')}`;
  return near === undefined ? all : `${all} (did you mean ${near}?)`;
}
