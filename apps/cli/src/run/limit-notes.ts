import type { LoadResponse } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import {
  decodeFailure,
  describeLimitHit,
  limitAdvice,
  type JarvisFailure,
  type LimitIdentity,
  type RateLimit,
} from '@jarvis-load/jarvis';
import type { PlannedScenario } from './scenarios.ts';

type ResultNote = RunResult['notes'][number];

/** Notes before a run: known limits of the target that the load will exceed. */
export function adviceNotes(
  scenarios: readonly PlannedScenario[],
  limits: readonly RateLimit[],
  who: LimitIdentity,
): readonly ResultNote[] {
  const planned = scenarios.flatMap(({ name, demand, executor }) =>
    demand === undefined ? [] : [{ name, demand, executor }],
  );
  return limitAdvice(planned, limits, who).map(({ text }) => ({
    level: 'warning',
    code: 'rate-limit-advice',
    text: `This run does not fit a limit of the target: ${text}`,
  }));
}

/** Reconstructs a refusal from the document, which keeps only its status and body. */
function failureOf(example: RunResult['errors'][number]['example']): JarvisFailure {
  let parsed: unknown;
  try {
    parsed = JSON.parse(example.body);
  } catch {
    parsed = undefined;
  }
  const response: Pick<LoadResponse, 'status' | 'headers' | 'error' | 'outcome'> &
    Pick<LoadResponse, 'json' | 'text'> = {
    status: example.status ?? 429,
    headers: {},
    error: undefined,
    outcome: 'rate_limited',
    json: () => parsed,
    text: () => example.body,
  };
  return decodeFailure(response as LoadResponse);
}

/** Notes after a run: limits that were hit, how often, and the rate that was accepted. */
export function limitHitNotes(result: RunResult, limits: readonly RateLimit[]): readonly ResultNote[] {
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
    hit.accepted += row.outcomes.ok;
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
        text: describeLimitHit(
          {
            operation,
            ...hit,
            durationMs: result.run.durationMs,
            ...(kept === undefined ? {} : { failure: failureOf(kept.example) }),
          },
          limits,
        ),
      };
    });
}
