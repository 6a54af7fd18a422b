import { ASPECT_WORDS } from './aspect-words.ts';
import { canRestate, provedNothing, unmeasurableReasons, unprovenReasons } from './unproven-reasons.ts';
import { formatLimit, formatMeasure, formatMeasured } from '../format/measure.ts';
import { formatCount } from '../format/number.ts';
import { machineReasons } from './machine-reasons.ts';
import type {
  GeneratorHealth,
  ObjectiveResult,
  RunResult,
  ScenarioResult,
  ThresholdResult,
  Verdict,
} from '../document/schema.ts';

/*
 * Must hold:
 * - No data is never a pass. Reasons that decide the status come first: readers show the first one alone.
 * - Codes are part of the document: `packages/capacity` and the reporter choose by them.
 * - `machine-limited` counts only where nothing else failed: then the run is not valid.
 */

/** A problem of the run found by the load generator, in addition to those judged here. */
export interface Finding {
  readonly status: 'fail' | 'not-valid';
  readonly code: string;
  readonly text: string;
}

interface Judged {
  readonly end: RunResult['run']['end'];
  readonly requests: number;
  /** Requests sent again; null: not known. */
  readonly retries: number | null;
  readonly scenarios: readonly ScenarioResult[];
  /** Unhandled exceptions and rejections whose scenario is not known. */
  readonly unhandledErrors: number;
  /** Iterations that ended before what they began, by scenario; only where there are any. */
  readonly notAwaited: readonly { readonly scenario: string; readonly iterations: number }[];
  /** Requests of each scenario, by name, and how many of them did not fail. */
  readonly requestsOf: ReadonlyMap<string, { readonly requests: number; readonly ok: number }>;
  readonly thresholds: readonly ThresholdResult[];
  readonly objectives: readonly ObjectiveResult[];
  readonly health: GeneratorHealth;
  readonly strict: boolean;
  readonly findings: readonly Finding[];
  /** Scenarios that may do their work without an HTTP request, by name. */
  readonly withoutRequests: ReadonlySet<string>;
  /** The verdict of another tool is restated, see `ResultParts`. */
  readonly restated: boolean;
  /** Largest share of a scenario's planned iterations that may be dropped. */
  readonly maxDroppedShare: number;
}

/** Above this share of the requests, retries are a sentence of the verdict. */
const NOTABLE_RETRIED_SHARE = 0.01;

const ENDS: Partial<Record<Judged['end']['kind'], string>> = {
  aborted: 'the run was interrupted before its end',
  'setup-failed': 'the run did not start',
  error: 'an error ended the run',
  interrupted: 'the run was interrupted: its record has no end',
};

/** Pass only when something was measured and nothing failed. */
export function judgeRun(judged: Judged): Verdict {
  const found = (status: Finding['status']): Verdict['reasons'] =>
    judged.findings.filter((each) => each.status === status).map(({ code, text }) => ({ code, text }));
  const invalid = [...invalidReasons(judged), ...droppedReasons(judged), ...found('not-valid')];
  const failed = [...failedReasons(judged), ...found('fail')];
  const unproven = unprovenReasons(judged);
  const limited = judged.health.generatorLimited
    ? [
        {
          code: 'generator-limited',
          text: `the generator was the limit: ${judged.health.reasons.join('; ')}`,
        },
      ]
    : [];
  if (judged.strict) invalid.push(...unproven, ...limited);
  else if (provedNothing(judged) && !(judged.restated && canRestate(judged)))
    invalid.push(...unproven.splice(0));
  if (failed.length === 0) invalid.push(...unmeasurableReasons(judged));
  const machine = machineReasons(judged);
  // A failure that is not excused decides the verdict; machine-limited promises then do not.
  const excused = failed.length === 0 ? machine.limited : [];
  invalid.push(...excused);
  const status = invalid.length > 0 ? 'not-valid' : failed.length > 0 ? 'fail' : 'pass';
  return {
    status,
    reasons: [
      ...invalid,
      ...failed,
      ...(judged.strict ? [] : [...unproven, ...limited]),
      ...retriedReasons(judged),
      ...(excused.length > 0 ? [] : machine.busy),
    ],
  };
}

/** A note without effect on the verdict: no request was lost, but clients that do not send again would see failures. */
function retriedReasons({ requests, retries }: Judged): Verdict['reasons'] {
  if (retries === null || requests === 0 || !(retries / requests > NOTABLE_RETRIED_SHARE)) return [];
  return [
    {
      code: 'retried',
      text: `${formatMeasure(retries / requests, 'share')} of the requests (${retries} of ${requests}) were sent again: the server had closed the connection before it read them`,
    },
  ];
}

function invalidReasons(judged: Judged) {
  const { end, requests, scenarios, notAwaited, requestsOf, thresholds, objectives, withoutRequests } =
    judged;
  const reasons: Verdict['reasons'] = [];
  const ended = ENDS[end.kind];
  if (ended !== undefined) reasons.push({ code: end.kind, text: join(ended, end.reason) });
  const requesting = scenarios.filter(({ name }) => !withoutRequests.has(name));
  if (requests === 0 && (requesting.length > 0 || scenarios.length === 0)) {
    reasons.push({ code: 'no-requests', text: 'no request was completed: there is nothing to judge' });
  }
  for (const { name, iterations } of scenarios) {
    const mayRequestNothing = withoutRequests.has(name);
    if (!mayRequestNothing && (requestsOf.get(name)?.requests ?? 0) === 0) {
      if (requests > 0) reasons.push({ code: 'no-requests', text: `scenario ${name} completed no request` });
    } else if (iterations.completed + iterations.failed === 0) {
      reasons.push({ code: 'no-iterations', text: `scenario ${name} completed no iteration` });
    }
  }
  for (const { scenario, iterations } of notAwaited) {
    reasons.push({
      code: 'not-awaited',
      text: `scenario ${scenario}: ${iterations} iteration${iterations === 1 ? '' : 's'} ended before requests or waits that had been started; put 'await' before each, or before a Promise.all of them (forEach does not await)`,
    });
  }
  for (const { metric, expression, status, detail } of thresholds) {
    if (status === 'no-data') {
      reasons.push({
        code: 'threshold-no-data',
        text: join(`threshold ${metric}: ${expression} has no data`, detail),
      });
    }
  }
  const empty = new Set(
    objectives.filter(({ status }) => status === 'no-data').map(({ operation }) => operation),
  );
  for (const operation of empty) {
    reasons.push({ code: 'objective-no-data', text: `the objectives of ${operation} have no data` });
  }
  return reasons;
}

const WHY_DROPPED = {
  open: 'no user was free below maxVUs',
  closed: 'the run ended before they could start',
  unknown: 'no user was free, or the run ended before they could start (the executor is not known)',
} as const;

/**
 * Load that was planned and never made. An open model drops what finds no free user. Iterations are dropped where the run
 * ended first: where a failure ended it, that failure is the verdict. A model that is not known may be either.
 */
function droppedReasons({ end, scenarios, maxDroppedShare }: Judged): Verdict['reasons'] {
  const leftByEnd = end.kind !== 'completed' && end.kind !== 'stopped';
  return scenarios.flatMap(({ name, model, iterations }) => {
    const { planned, dropped } = iterations;
    if (planned === 0 || dropped / planned <= maxDroppedShare) return [];
    if (leftByEnd && model !== 'open') return [];
    const why = WHY_DROPPED[model ?? 'unknown'];
    return {
      code: 'dropped-iterations',
      text:
        `scenario ${name} dropped ${formatMeasured(dropped / planned, maxDroppedShare, 'share')} of its iterations ` +
        `(${formatCount(dropped)} of ${formatCount(planned)}), more than ${formatLimit(maxDroppedShare, 'share')}: ${why}`,
    };
  });
}

function failedReasons({ end, scenarios, unhandledErrors, requestsOf, thresholds, objectives }: Judged) {
  const reasons: Verdict['reasons'] = [];
  for (const [name, { requests, ok }] of requestsOf) {
    // Without a threshold on failures, nothing else would report it.
    if (requests > 0 && ok === 0) {
      reasons.push({
        code: 'nothing-succeeded',
        text: `scenario ${name}: none of ${requests} requests succeeded`,
      });
    }
  }
  if (end.kind === 'circuit-breaker') {
    reasons.push({ code: 'circuit-breaker', text: join('the circuit breaker ended the run', end.reason) });
  }
  for (const { metric, expression, status, measured, limit, unit } of thresholds) {
    if (status === 'fail') {
      reasons.push({
        code: 'threshold',
        text: `threshold ${metric}: ${expression} failed, measured ${formatMeasured(measured, limit, unit)}`,
      });
    }
  }
  for (const { operation, aspect, status, measured, limit } of objectives) {
    if (status !== 'fail') continue;
    const unit = aspect === 'errorRate' ? 'share' : aspect === 'requestsPerSecond' ? 'per second' : 'ms';
    const wanted = aspect === 'requestsPerSecond' ? 'above' : limit === 0 ? 'not above' : 'under';
    reasons.push({
      code: 'objective',
      text: `${operation} ${ASPECT_WORDS[aspect]} is ${formatMeasured(measured, limit, unit)}, the objective is ${wanted} ${formatLimit(limit, unit)}`,
    });
  }
  if (unhandledErrors > 0) {
    reasons.push({
      code: 'unhandled-errors',
      text: `${unhandledErrors} unhandled errors were thrown, by which scenario is not known`,
    });
  }
  for (const { name, exceptions } of scenarios) {
    if (exceptions > 0) {
      reasons.push({
        code: 'exceptions',
        text: `scenario ${name} threw ${exceptions} exception${exceptions === 1 ? '' : 's'}`,
      });
    }
  }
  return reasons;
}

function join(text: string, detail: string | undefined): string {
  return detail === undefined ? text : `${text}: ${detail}`;
}
