import { nearestName } from '@jarvis-load/engine/did-you-mean';
import { Check, Errors } from '@jarvis-load/engine/typebox/value';
import { MockError } from '../mock-error.ts';
import { assignSetting, mergeSettings } from './assign-setting.ts';
import type { SettingsTree } from './assign-setting.ts';
import { checkConsistency, checkModels } from './consistency.ts';
import { DEFAULT_SETTINGS, MOCK_PRESETS, PRESET_SETTINGS } from './presets.ts';
import type { MockPreset } from './presets.ts';
import { MockConfigSchema } from './schema.ts';
import type { MockConfig } from './schema.ts';
import type { SchemaNode } from './schema-node.ts';

const SCHEMA = MockConfigSchema as SchemaNode;

/** Every key optional, at every depth; a latency model may be a bare duration. */
export type MockSettings = { readonly [key: string]: unknown };

/** Sources of a configuration; later ones override earlier ones. */
export interface MockConfigSources {
  /** @default 'typical' */
  readonly preset?: string;
  /** As JSON: from a config file, or from a program. */
  readonly config?: MockSettings;
  /** As flags: `key.path=value`. */
  readonly settings?: readonly string[];
}

/** Splits `key.path=value`; a leading `mock.` is allowed. */
function splitSetting(setting: string): { path: string; value: string } {
  const at = setting.indexOf('=');
  if (at < 1) {
    throw new MockError(
      'invalid_setting',
      `Mock setting "${setting}": expected key=value, such as preset=degraded or latency.chat.send.p95=400ms.`,
    );
  }
  return {
    path: setting
      .slice(0, at)
      .trim()
      .replace(/^mock\./, ''),
    value: setting.slice(at + 1).trim(),
  };
}

function presetNamed(name: unknown): MockPreset {
  const names = MOCK_PRESETS.map((preset) => preset.name);
  const found = names.find((known) => known === name);
  if (found !== undefined) return found;
  const near = nearestName(String(name), names);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new MockError(
    'unknown_preset',
    `Mock preset "${String(name)}" does not exist.${hint} Known: ${names.join(', ')}.`,
  );
}

// Not structuredClone: it preserves shared references, so that a setting of one latency model would change another.
const copy = (value: object): SettingsTree => JSON.parse(JSON.stringify(value)) as SettingsTree;

/** Keys are known in every spelling (`assign-setting.ts`), this one too. */
const isPreset = (key: string): boolean => /^preset$/i.test(key.replaceAll(/[-_]/g, ''));

function presetIn(config: MockConfigSources['config']): unknown {
  return Object.entries(config ?? {}).find(([key]) => isPreset(key))?.[1];
}

function validated(tree: SettingsTree): MockConfig {
  checkModels(tree);
  if (!Check(MockConfigSchema, tree)) {
    const [first] = Errors(MockConfigSchema, tree);
    const where = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    throw new MockError('invalid_setting', `Mock setting ${where}: ${first?.message ?? 'is not valid'}.`);
  }
  checkConsistency(tree);
  return tree;
}

/**
 * Merges the defaults, the preset, `config` and `settings`, in this order.
 * @throws {MockError} `invalid_setting` or `unknown_preset`; the message names the key and what was expected
 */
export function resolveMockConfig(sources: MockConfigSources = {}): MockConfig {
  const settings = (sources.settings ?? []).map(splitSetting);
  const asked = settings.findLast(({ path }) => isPreset(path))?.value;
  const preset = presetNamed(asked ?? presetIn(sources.config) ?? sources.preset ?? DEFAULT_SETTINGS.preset);
  const tree = copy(DEFAULT_SETTINGS);
  mergeSettings(SCHEMA, tree, copy(PRESET_SETTINGS[preset]));
  mergeSettings(SCHEMA, tree, { ...sources.config });
  for (const { path, value } of settings) assignSetting(SCHEMA, tree, path, value);
  return validated({ ...tree, preset });
}

/**
 * Reads flags such as `['preset=degraded', 'latency.chat.send.p95=400ms', 'capacity=8']`.
 * @throws {MockError} `invalid_setting` or `unknown_preset`
 */
export function parseMockSettings(settings: readonly string[]): MockConfig {
  return resolveMockConfig({ settings });
}

/**
 * A changed copy of a configuration in force. Naming a preset resets all settings but dialect, seed and auth to that preset
 * first.
 * @throws {MockError} `invalid_setting` or `unknown_preset`
 */
export function changeMockConfig(current: MockConfig, sources: MockConfigSources): MockConfig {
  const settings = (sources.settings ?? []).map(splitSetting);
  const namesPreset =
    sources.preset !== undefined ||
    presetIn(sources.config) !== undefined ||
    settings.some(({ path }) => isPreset(path));
  if (namesPreset) {
    const { dialect, seed, auth } = current;
    const kept = copy({ dialect, seed, auth });
    // Of auth, what is not named stays: a setting of it replaces no other one.
    mergeSettings(SCHEMA, kept, copy({ auth: sources.config?.['auth'] ?? {} }));
    return resolveMockConfig({ ...sources, config: { ...kept, ...sources.config, auth: kept['auth'] } });
  }
  const tree = copy(current);
  mergeSettings(SCHEMA, tree, { ...sources.config });
  for (const { path, value } of settings) assignSetting(SCHEMA, tree, path, value);
  return validated(tree);
}
