import type { RateLimit } from '@jarvis-load/engine';
import type { ConfigLimit } from '../config/config-schema.ts';
import { parseDurationMs } from '../options/duration.ts';

/** The limits of a target from the config file, which its schema has checked. */
export function limitsOfConfig(
  limits: readonly ConfigLimit[] = [],
  configName: string,
): readonly RateLimit[] {
  return limits.map(({ name, operations, requests, window, per }) => ({
    name,
    operations,
    requests,
    perSeconds: (parseDurationMs(String(window)) ?? 0) / 1000,
    scope: per,
    source: `config file ${configName}`,
  }));
}
