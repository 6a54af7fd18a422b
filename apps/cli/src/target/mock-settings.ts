import { resolve } from 'node:path';
import type { SettingTexts } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import type { CliSuite } from '../suites/cli-suite.ts';

/** Content of `--set` of `load`: settings of the mock and of the scenarios. */
export interface SplitSettings {
  /** In the mock's syntax: `preset=degraded`. */
  readonly mock: readonly string[];
  readonly scenario: SettingTexts;
}

/** `shop.size` for the setting `size`: the settings of a test file have no prefix. */
function withoutPrefix(name: string, known: object): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(known, last) ? last : name;
}

/**
 * Splits `--set` by its prefix. Values that are paths become absolute; on the mock, the settings that the suite derives for
 * it from those of the scenarios are added.
 * @throws CliError for an unknown setting, and for one of the mock with another target
 */
export function splitSettings(
  settings: Pick<TargetSettings, 'set' | 'target'>,
  cwd: string,
  suite: Pick<CliSuite, 'settings' | 'mockSettings'>,
): SplitSettings {
  const source = writtenAs(settings, 'set');
  const targetIsMock = settings.target === 'mock';
  const known = suite.settings ?? {};
  const mock: string[] = [];
  const scenario: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings.set ?? {})) {
    if (name.startsWith('mock.')) mock.push(`${name.slice('mock.'.length)}=${value}`);
    else if (Object.hasOwn(known, name))
      scenario[name] = known[name]?.format !== undefined && value !== '' ? resolve(cwd, value) : value;
    else
      throw usageError(
        'set-name',
        `${source}: unknown setting "${name}"`,
        Object.keys(known).length === 0
          ? 'mock.<name> for the mock; the tests have no settings'
          : `mock.<name> for the mock, or ${oneOf(withoutPrefix(name, known), Object.keys(known))}`,
      );
  }
  if (mock.length > 0 && !targetIsMock)
    throw usageError(
      'set-mock',
      `${source}: mock.${mock[0]} is a setting of the mock, but the target is another`,
      '--target=mock',
      'give it to npx jarvis-load mock instead',
    );
  if (targetIsMock) mock.push(...(suite.mockSettings?.(scenario) ?? []));
  return { mock, scenario };
}
