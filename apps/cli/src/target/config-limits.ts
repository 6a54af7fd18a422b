import { OPERATION_NAMES, type OperationName, type RateLimit } from '@jarvis-load/jarvis';
import { usageError } from '../cli-error.ts';
import type { ConfigLimit } from '../config/config-schema.ts';
import { oneOf } from '../did-you-mean.ts';
import { parseDurationMs } from '../options/duration.ts';

function operationNamed(name: string, where: string): OperationName {
  const found = OPERATION_NAMES.find((known) => known === name);
  if (found === undefined)
    throw usageError('config-value', `${where}: unknown operation "${name}"`, oneOf(name, OPERATION_NAMES));
  return found;
}

/** The limits of a target from the config file. */
export function limitsOfConfig(
  limits: readonly ConfigLimit[] = [],
  configName: string,
): readonly RateLimit[] {
  return limits.map((limit) => {
    const where = `config file ${configName}: limit ${limit.name}`;
    const windowMs = parseDurationMs(String(limit.window));
    if (windowMs === undefined || windowMs <= 0)
      throw usageError('config-value', `${where}: window "${limit.window}" is no duration`, 'such as 1m');
    return {
      name: limit.name,
      operations: limit.operations.map((name) => operationNamed(name, where)),
      requests: limit.requests,
      perSeconds: windowMs / 1000,
      scope: limit.per,
      source: `config file ${configName}`,
    };
  });
}
