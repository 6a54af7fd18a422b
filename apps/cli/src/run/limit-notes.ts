import type { Identity, LimitAdviser, RateLimit } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { operationNamesOf } from '../suites/suites.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import type { PlannedScenario } from './scenarios.ts';

/**
 * The limits of a target that say something about the tests. A target may be loaded by several test files, each with
 * operations of its own; where all operations are known, another name is a mistake.
 *
 * @throws CliError exit 2
 */
export function limitsOn(suite: CliSuite, limits: readonly RateLimit[]): readonly RateLimit[] {
  const known = operationNamesOf(suite);
  return limits.filter(({ name, operations, source }) => {
    const unknown = operations.find((operation) => !known.includes(operation));
    if (unknown !== undefined && suite.operationNames !== undefined)
      throw usageError(
        'config-limit',
        `${source}: the limit "${name}" names the operation "${unknown}"`,
        oneOf(unknown, known),
      );
    return operations.some((operation) => known.includes(operation));
  });
}

type ResultNote = RunResult['notes'][number];

/** Notes before a run: known limits of the target that the load will exceed. */
export function adviceNotes(
  adviser: LimitAdviser | undefined,
  scenarios: readonly PlannedScenario[],
  limits: readonly RateLimit[],
  who: { readonly identity: Identity; readonly accounts?: number },
): readonly ResultNote[] {
  if (adviser === undefined) return [];
  const planned = scenarios.flatMap(({ name, demand, executor }) =>
    demand === undefined ? [] : [{ name, demand, executor }],
  );
  return adviser.exceeded(planned, limits, who).map((text) => ({
    level: 'warning',
    code: 'rate-limit-advice',
    text: `This run does not fit a limit of the target: ${text}`,
  }));
}

/** Notes after a run: limits that were hit, how often, and the rate that was accepted. */
export function limitHitNotes(
  adviser: LimitAdviser | undefined,
  result: RunResult,
  limits: readonly RateLimit[],
): readonly ResultNote[] {
  if (adviser === undefined) return [];
  const hits = new Map<
    string,
    { method: string; route: string; requests: number; rateLimited: number; accepted: number }
  >();
  for (const row of result.operations) {
    const hit = hits.get(row.operation) ?? {
      method: row.method,
      route: row.route,
      requests: 0,
      rateLimited: 0,
      accepted: 0,
    };
    hit.requests += row.requests;
    hit.rateLimited += row.outcomes.rate_limited;
    hit.accepted += row.requests - row.failed;
    hits.set(row.operation, hit);
  }
  return [...hits]
    .filter(([, hit]) => hit.rateLimited > 0)
    .map(([operation, hit]) => {
      const kept = result.errors.find(
        (group) => group.operation === operation && group.outcome === 'rate_limited',
      );
      return {
        level: 'warning',
        code: 'rate-limit-hit',
        text: adviser.hit(
          {
            operation,
            ...hit,
            durationMs: result.run.durationMs,
            ...(kept === undefined
              ? {}
              : { example: { status: kept.example.status ?? 429, body: kept.example.body } }),
          },
          limits,
        ),
      };
    });
}
