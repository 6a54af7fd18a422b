import { environmentNames, flagName, type Flag } from '../options/flag.ts';

/** `--run-time`, or `-t`. */
function spelled(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** All spellings of a flag, the first one as the documents name it: `--duration`, `--run-time`, `-t`. */
export function spellings(key: string, flag: Flag<unknown>): readonly string[] {
  return [flagName(key), ...(flag.aliases ?? [])].map(spelled);
}

/**
 * Help text of a flag: description, default and an example.
 *
 * @param isFull adds the names of its environment variables
 */
export function describeFlag(key: string, flag: Flag<unknown>, isFull: boolean): string {
  const others = spellings(key, flag).slice(1);
  const also = others.length === 0 ? '' : ` (also ${others.join(', ')})`;
  const names = environmentNames(key, flag);
  const variables = isFull && names.length > 0 ? `\nenv: ${names.join(', ')}` : '';
  return `${flag.description}${also}\ndefault: ${flag.defaultText}; e.g. ${flag.example}${variables}`;
}
