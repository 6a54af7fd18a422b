import { headerProblem } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import type { FlagKind, SourceName } from './flag.ts';
import { pairs } from './flag-kinds.ts';

type Headers = Readonly<Record<string, string>>;

/** `Name: value`, repeated; what cannot be sent is refused by its name, never by its value. */
export function headers(): FlagKind<Headers> {
  const kind = pairs('<Name: value>', ':');
  const check = (read: Headers, source: SourceName): Headers => {
    for (const [name, value] of Object.entries(read)) {
      const problem = headerProblem(name, value);
      if (problem !== undefined)
        throw usageError(
          'flag-value',
          `${source}: ${problem}`,
          'a header that HTTP can carry, such as X-Team: load',
        );
    }
    return read;
  };
  return {
    ...kind,
    fromText: (texts, source) => check(kind.fromText(texts, source), source),
    fromConfig: (value, source) => check(kind.fromConfig(value, source), source),
  };
}
