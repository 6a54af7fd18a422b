import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import type { SourceName } from '../options/flag.ts';
import { resolve } from 'node:path';
import { SETTINGS } from '@jarvis-load/jarvis';

/** Content of `--set` of `load`: settings of the mock and of the scenarios. */
export interface SplitSettings {
  /** In the mock's syntax: `preset=degraded`. */
  readonly mock: readonly string[];
  readonly scenario: Readonly<Record<string, string>>;
}

/** Splits `--set` by its prefix. */
export function splitSettings(
  set: Readonly<Record<string, string>> = {},
  targetIsMock: boolean,
  cwd: string,
  source: SourceName = '--set',
): SplitSettings {
  const mock: string[] = [];
  const scenario: Record<string, string> = {};
  for (const [name, value] of Object.entries(set)) {
    if (name.startsWith('mock.')) mock.push(`${name.slice('mock.'.length)}=${value}`);
    else if (name === 'recordings' && value !== '') {
      scenario[name] = resolve(cwd, value);
      // The mock needs the same transcripts to recognise these recordings.
      if (targetIsMock) mock.push(`transcription.recordings=${scenario[name]}`);
    } else if (Object.hasOwn(SETTINGS, name)) scenario[name] = value;
    else
      throw usageError(
        'set-name',
        `${source}: unknown setting "${name}"`,
        `mock.<name> for the mock, or ${oneOf(name, Object.keys(SETTINGS))}`,
      );
  }
  if (mock.length > 0 && !targetIsMock)
    throw usageError(
      'set-mock',
      `${source}: mock.${mock[0]} is a setting of the mock, but the target is another`,
      '--target=mock',
      'give it to npx jarvis-load mock instead',
    );
  return { mock, scenario };
}
