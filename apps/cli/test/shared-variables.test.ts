import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands/index.ts';
import { environmentName, type Flag } from '../src/options/flag.ts';
import { occurrencesIn } from '../src/options/resolve-settings.ts';

/* A pipeline sets variables for all its steps: what one command reads from a variable, every other one that has it must read. */

interface Read {
  readonly command: string;
  readonly flag: Flag<unknown>;
}

const byVariable = new Map<string, Read[]>();
for (const { name, flags } of COMMANDS)
  for (const [key, flag] of Object.entries(flags)) {
    if (flag.inEnvironment === false) continue;
    const variable = environmentName(key);
    byVariable.set(variable, [...(byVariable.get(variable) ?? []), { command: name, flag }]);
  }
const shared = [...byVariable].filter(([, reads]) => new Set(reads.map(({ flag }) => flag.kind)).size > 1);

/** The value in the example of a flag: `20` of `--users=20`. */
function exampleOf({ example }: Flag<unknown>): string {
  const [, value = '1'] = /^--[\w-]+[= ]([^ ]+)/.exec(example) ?? [];
  return value;
}

describe.each(shared)('%s', (variable, reads) => {
  const pairs = reads.flatMap((one) =>
    reads
      .filter((other) => other !== one)
      .map((other) => [one.command, other.command, one.flag, other.flag] as const),
  );
  it.each(pairs)('with the value for %s is read by %s', (_one, _other, given, reader) => {
    const texts = occurrencesIn(reader, exampleOf(given));
    expect(() => reader.kind.fromText(texts, variable)).not.toThrow();
  });
});

it('finds variables that commands share', () => {
  expect(shared.length).toBeGreaterThan(3);
});
