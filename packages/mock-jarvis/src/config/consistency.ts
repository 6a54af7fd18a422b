/**
 * Checks of a whole configuration. `resolve.ts` calls `checkModels`, then checks the schema, then calls `checkConsistency`.
 *
 * Must hold: a new setting that is a latency or length model is named in both functions.
 */
import type { SettingsTree } from './assign-setting.ts';
import { MockError } from '../mock-error.ts';
import { FAULT_KINDS } from './schema.ts';
import type { LatencyModel, MockConfig } from './schema.ts';
import { LatencyModelSchema, LengthModel } from './schema-parts.ts';
import type { SchemaNode } from './schema-node.ts';

function checkLatency(key: string, model: LatencyModel): void {
  if (model.kind === 'lognormal' && model.p95Ms < model.p50Ms) {
    throw new MockError(
      'invalid_setting',
      `Mock setting ${key}.p95Ms: ${model.p95Ms} ms is below ${key}.p50Ms, ${model.p50Ms} ms; set both.`,
    );
  }
  if (model.kind === 'uniform' && model.maxMs < model.minMs) {
    throw new MockError(
      'invalid_setting',
      `Mock setting ${key}.maxMs: ${model.maxMs} ms is below ${key}.minMs, ${model.minMs} ms.`,
    );
  }
}

function checkLength(key: string, model: LengthModel): void {
  if (model.kind === 'lognormal' && model.p95 < model.p50) {
    throw new MockError(
      'invalid_setting',
      `Mock setting ${key}.p95: ${model.p95} is below ${key}.p50, ${model.p50}; set both.`,
    );
  }
  if (model.kind === 'uniform' && model.max < model.min) {
    throw new MockError(
      'invalid_setting',
      `Mock setting ${key}.max: ${model.max} is below ${key}.min, ${model.min}.`,
    );
  }
}

function checkModel(key: string, model: unknown, schema: SchemaNode): void {
  const given = model as Readonly<Record<string, unknown>>;
  const variant = schema.anyOf!.find(({ properties }) => properties!['kind']!.const === given['kind']);
  const missing = Object.keys(variant?.properties ?? {}).filter((name) => given[name] === undefined);
  if (missing.length === 0) return;
  const keys = missing.map((name) => `${key}.${name}`).join(' and ');
  throw new MockError(
    'invalid_setting',
    `Mock setting ${key}: ${String(given['kind'])} needs ${keys} as well.`,
  );
}

const LENGTHS = LengthModel('') as SchemaNode;

/**
 * Checks that each latency and length model has all keys that its kind requires.
 * @throws {MockError} `invalid_setting`
 */
export function checkModels(tree: SettingsTree): void {
  const times = LatencyModelSchema as SchemaNode;
  for (const [name, model] of Object.entries(tree['latency'] as SettingsTree)) {
    checkModel(`latency.${name}`, model, times);
  }
  const llm = tree['llm'] as SettingsTree;
  checkModel('llm.gap', llm['gap'], times);
  for (const name of ['answerTokens', 'reasoningTokens']) checkModel(`llm.${name}`, llm[name], LENGTHS);
}

/**
 * Checks the rules between settings.
 * @throws {MockError} `invalid_setting`
 */
export function checkConsistency(config: MockConfig): void {
  for (const [name, model] of Object.entries(config.latency)) checkLatency(`latency.${name}`, model);
  checkLatency('llm.gap', config.llm.gap);
  checkLength('llm.answerTokens', config.llm.answerTokens);
  checkLength('llm.reasoningTokens', config.llm.reasoningTokens);
  const sum = FAULT_KINDS.reduce((total, kind) => total + config.faults[kind].probability, 0);
  const inWindows = FAULT_KINDS.some((kind) => config.faults[kind].window.durationMs !== null);
  const byOperation = FAULT_KINDS.some((kind) => config.faults[kind].operations !== null);
  // With windows or operation lists, kinds may never apply at the same time; where they do, the earlier kind wins.
  if (sum > 1 + 1e-9 && !inWindows && !byOperation) {
    throw new MockError(
      'invalid_setting',
      `Mock setting faults: the probabilities add up to ${Number(sum.toFixed(4))}, expected at most 1.`,
    );
  }
  const { freeze } = config;
  if (freeze.everyMs !== null && freeze.everyMs <= freeze.durationMs) {
    throw new MockError(
      'invalid_setting',
      `Mock setting freeze.everyMs: ${freeze.everyMs} ms is not longer than freeze.durationMs, ${freeze.durationMs} ms; no request would ever be answered.`,
    );
  }
}
