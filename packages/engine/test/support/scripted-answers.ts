import type { Script } from './scripted-server.js';
import type { ScriptedRequest } from '../../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../../src/testing/scripted-answer.ts';

/** The behaviour of a scripted server for a target on a virtual clock, with exact times. */
export function scriptedAnswers(script: Script): (request: ScriptedRequest) => ScriptedAnswer {
  const { latencyMs = 0, servicePerSecond, stall } = script;
  let firstMs = Number.NaN;
  let lastDueMs = Number.NEGATIVE_INFINITY;
  return ({ atMs }) => {
    if (Number.isNaN(firstMs)) firstMs = atMs;
    const sinceMs = atMs - firstMs;
    const held = stall !== undefined && sinceMs >= stall.atMs && sinceMs < stall.atMs + stall.forMs;
    const startMs = held ? firstMs + stall.atMs + stall.forMs : atMs;
    const dueMs =
      servicePerSecond === undefined
        ? startMs + latencyMs
        : Math.max(startMs, lastDueMs) + 1000 / servicePerSecond;
    lastDueMs = dueMs;
    return { afterMs: dueMs - atMs };
  };
}
