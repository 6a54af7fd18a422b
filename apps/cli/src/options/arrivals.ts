import { Type } from '@jarvis-load/engine/typebox';
import type { ArrivalPattern } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import type { FlagKind } from './flag.ts';

/** How arrivals are spread: a word, or `gamma:` with a shape. */
export function arrivalPattern(): FlagKind<ArrivalPattern> {
  const read: FlagKind<ArrivalPattern>['fromConfig'] = (value, source) => {
    const text = String(value).trim().toLowerCase();
    if (text === 'uniform' || text === 'poisson') return text;
    const shape = Number(/^gamma:(\d+(?:\.\d+)?)$/.exec(text)?.[1]);
    if (shape >= 0.01 && shape <= 1000) return `gamma:${shape}`;
    throw usageError(
      'flag-value',
      `${source}: unknown value "${String(value)}"`,
      oneOf(text, ['uniform', 'poisson', 'gamma:<shape from 0.01 to 1000>']),
    );
  };
  return {
    placeholder: '<uniform|poisson|gamma:shape>',
    repeatable: false,
    schema: Type.Union([
      Type.Literal('uniform'),
      Type.Literal('poisson'),
      Type.String({ pattern: '^gamma:\\d+(\\.\\d+)?$' }),
    ]),
    fromText: (texts, source) => read(texts.at(-1) ?? '', source),
    fromConfig: read,
  };
}
