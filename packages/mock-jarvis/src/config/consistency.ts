import { MockError } from '../mock-error.ts';
import { FAULT_KINDS, LatencyModelSchema } from './schema.ts';
import type { LatencyModel, MockConfig } from './schema.ts';

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

/**
 * Checks that each latency model has all keys that its kind requires.
 * @throws {MockError} `invalid_setting`
 */
export function checkModels(latency: Readonly<Record<string, unknown>>): void {
  for (const [name, model] of Object.entries(latency)) {
    const given = model as Readonly<Record<string, unknown>>;
    const variant = LatencyModelSchema.anyOf.find(
      ({ properties }) => properties.kind.const === given['kind'],
    );
    const missing = Object.keys(variant?.properties ?? {}).filter((key) => given[key] === undefined);
    if (missing.length === 0) continue;
    const keys = missing.map((key) => `latency.${name}.${key}`).join(' and ');
    throw new MockError(
      'invalid_setting',
      `Mock setting latency.${name}: ${String(given['kind'])} needs ${keys} as well.`,
    );
  }
}

/**
 * Checks the rules between settings.
 * @throws {MockError} `invalid_setting`
 */
export function checkConsistency(config: MockConfig): void {
  for (const [name, model] of Object.entries(config.latency)) checkLatency(`latency.${name}`, model);
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
