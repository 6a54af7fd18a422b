import { nearestName } from './did-you-mean.ts';
import { show } from './show.ts';

/**
 * What is wrong with the options of a call; `undefined`: nothing. Continues the sentence that names the call; without its full
 * stop. In plain code: k6 uses it, too.
 */
export function wrongOptions(options: unknown, known: readonly string[]): string | undefined {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    return `has options ${show(options)}; expected an object`;
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const near = nearestName(unknown, known);
  const hint = near === undefined ? '' : ` (did you mean '${near}'?)`;
  return `has the unknown option ${show(unknown)}${hint}; expected ${known.join(', ')}`;
}
