import { basename, extname, resolve } from 'node:path';
import type { SettingSchema, SettingTexts } from '@jarvis-load/engine';
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

/** Of a name with a wrong prefix, the setting that is behind it. */
function withoutPrefix(name: string, known: object): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(known, last) ? last : name;
}

/** `size` of `shop.size` where `shop.ts` is the test file; other names as they are. */
function settingOf(name: string, known: object, file: string | undefined): string {
  const prefix = file === undefined ? '' : `${basename(file, extname(file))}.`;
  if (prefix === '' || Object.hasOwn(known, name) || !name.startsWith(prefix)) return name;
  const rest = name.slice(prefix.length);
  // A test file `mock.ts`: other names with this prefix are settings of the mock.
  return Object.hasOwn(known, rest) || prefix !== 'mock.' ? rest : name;
}

/** Schemas of test files may have other formats, such as `date`. */
function isPath(schema: SettingSchema | undefined): boolean {
  return schema?.format === 'file' || schema?.format === 'folder';
}

/**
 * Splits `--set` by its prefix. Paths in settings of the scenarios become absolute; on the mock, the settings that the suite derives for
 * it from those of the scenarios are added.
 * @param file the test file: its name may stand before its settings
 * @throws CliError for an unknown setting, and for one of the mock with another target
 */
export function splitSettings(
  settings: Pick<TargetSettings, 'set' | 'target'>,
  cwd: string,
  suite: Pick<CliSuite, 'settings' | 'mockSettings' | 'origin'>,
  file = suite.origin?.file.path,
): SplitSettings {
  const source = writtenAs(settings, 'set');
  const targetIsMock = settings.target === 'mock';
  const known = suite.settings ?? {};
  const mock: string[] = [];
  const scenario: Record<string, string> = {};
  for (const [given, value] of Object.entries(settings.set ?? {})) {
    const name = settingOf(given, known, file);
    if (name.startsWith('mock.')) mock.push(`${name.slice('mock.'.length)}=${value}`);
    else if (Object.hasOwn(known, name))
      scenario[name] = isPath(known[name]) && value !== '' ? resolve(cwd, value) : value;
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
