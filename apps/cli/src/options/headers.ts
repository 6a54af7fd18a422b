import { headerProblem } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import type { FlagKind, SourceName } from './flag.ts';
import { pairs } from './flag-kinds.ts';

type Headers = Readonly<Record<string, string>>;

/** `Name: value`, repeatable. The error for a header that cannot be sent contains its name, not its value. */
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
