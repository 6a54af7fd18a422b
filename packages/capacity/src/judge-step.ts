import {
  formatLimit,
  formatMeasure,
  formatMeasured,
  formatShare,
  type RunResult,
  type SeriesPoint,
} from '@jarvis-load/engine/result';
import { loadMs, stepFigures } from './step-figures.ts';
import type { BrokenPromise, StepOutcome, StepStatus } from './step.ts';

/*
 * `judgeStep`: what a run says about its level.
 *
 * Must hold:
 * - Reasons are judged by their codes: a new reason of a verdict that concerns the target is listed in `otherFailures`.
 * - Where the generator was the limit, every failure is `busy`. Promises that are machine-limited have that status, so they
 *   are not among the failed ones: the reason of the verdict tells of them, and such a run is no pass, whatever else limits it.
 */

/** Of planned arrivals, the share that must have started. */
const LEAST_ACHIEVED = 0.99;
/** Answers with status 429 up to this share are no rate limit that ends the capacity. */
const MOST_RATE_LIMITED = 0.01;
/** A backlog grows where the work in flight at the end of the plan is more than this share of all planned iterations ... */
const BACKLOG_SHARE = 0.02;
/** ... and by this factor more than halfway. */
const BACKLOG_GROWTH = 1.2;

/** Reasons of a verdict that tell of the run, and not of what the target answered. */
const OF_THE_RUN: ReadonlySet<string> = new Set([
  'aborted',
  'setup-failed',
  'error',
  'interrupted',
  'not-awaited',
]);

/** Of those, the ones after which nothing may have been sent: that there was no request then says nothing of the target. */
const NOT_STARTED: ReadonlySet<string> = new Set(['setup-failed', 'error']);

interface JudgedPromise {
  readonly broken: BrokenPromise;
  readonly status: string;
  /** How near to the limit: measured as a multiple of an upper limit, the reverse for a lower one. Above 1: failed; without bound beyond a limit of 0. */
  readonly ratio: number;
}

/**
 * What a run says about its level: no threshold and no objective but those of requests/s may fail, the planned load has to have been
 * made for the planned time, no backlog may grow, and no rate limit may refuse more than 1 %. Promises without data or with too few
 * samples do not fail it: `withoutData` and `unproven` name them. Where the generator was the limit, only a pass counts; where waiting
 * for a processor excuses a promise (`machine-limited`), it is `busy` unless something else failed.
 *
 * @param recovered whether the target answered as before once the load was over; it is noted and judges nothing
 */
export function judgeStep(result: RunResult, recovered = true): StepOutcome {
  const promises = promisesOf(result);
  const failed = promises.filter(({ status }) => status === 'fail').toSorted((a, b) => b.ratio - a.ratio);
  const held = promises.filter(({ status }) => status === 'pass').toSorted((a, b) => b.ratio - a.ratio);
  const { limited, reasons: ofGenerator } = limitOfGenerator(result);
  const machine = result.verdict.reasons.filter(({ code }) => code === 'machine-limited');
  const figures = stepFigures(result);
  const refusals = (figures.rateLimitedShare ?? 0) > MOST_RATE_LIMITED;
  const rateLimit = refusals ? rateLimitText(result) : undefined;
  const ofTarget = [
    ...(rateLimit === undefined ? [] : [rateLimit]),
    ...failed.map(({ broken }) => `${broken.name} is ${broken.measured}, the limit is ${broken.limit}`),
    ...backlog(result),
    ...otherFailures(result),
  ];
  const ofRun = [
    ...result.verdict.reasons.filter(({ code }) => OF_THE_RUN.has(code)).map(({ text }) => text),
    ...stoppedEarly(result),
  ];
  const reasons = [...ofRun, ...ofTarget];
  const namesOf = (wanted: string): string[] =>
    promises.filter((each) => each.status === wanted).map(({ broken }) => broken.name);
  const withoutData = [...namesOf('no-data'), ...unmeasurable(result)];
  const unproven = namesOf('unproven');
  const status: StepStatus =
    reasons.length > 0 && !limited
      ? 'fail'
      : reasons.length > 0 || machine.length > 0 || tooLittle(result)
        ? 'busy'
        : 'pass';
  const excuses = [...ofGenerator, ...machine.map(({ text }) => text)];
  const lacking = withoutData.map((name) => `${name} has no data`);
  return {
    status,
    reasons:
      status === 'busy' ? [...excuses, ...reasons] : status === 'pass' ? [...excuses, ...lacking] : reasons,
    ...(failed[0] === undefined ? {} : { broken: failed[0].broken }),
    ...(held[0] === undefined ? {} : { tightest: held[0].broken }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    unproven,
    ...(withoutData.length === 0 ? {} : { withoutData }),
    ...(status === 'fail' && ofTarget.length === 0 ? { isInvalid: true } : {}),
    figures,
    recovered,
    runId: result.run.id,
    startedAt: result.run.startedAt,
  };
}

function promisesOf({ objectives, thresholds }: RunResult): JudgedPromise[] {
  return [
    ...objectives.flatMap(({ operation, aspect, status, measured, limit }): JudgedPromise[] => {
      // Throughput is what the search varies: at a low level it is low.
      if (aspect === 'requestsPerSecond') return [];
      const unit = aspect === 'errorRate' ? 'share' : 'ms';
      const name = `objective ${operation} ${aspect === 'errorRate' ? 'errors' : aspect}`;
      return [promise(name, status, measured, limit, unit)];
    }),
    ...thresholds.map(({ metric, expression, status, measured, limit, unit }) =>
      promise(`threshold ${metric}: ${expression}`, status, measured, limit, unit, expression.includes('>')),
    ),
  ];
}

/** Objectives that could not be measured, where no promise of the run was judged: a pass of it would prove nothing. */
function unmeasurable({ objectives, verdict }: RunResult): string[] {
  if (!verdict.reasons.some(({ code }) => code === 'not-measurable')) return [];
  return objectives
    .filter(({ status }) => status === 'not-measurable')
    .map(({ operation, aspect }) => `objective ${operation} ${aspect}`);
}

function promise(
  name: string,
  status: string,
  measured: number | null,
  limit: number,
  unit: string,
  isLeast = false,
): JudgedPromise {
  return {
    broken: { name, measured: formatMeasured(measured, limit, unit), limit: formatLimit(limit, unit) },
    status,
    ratio: measured === null ? 0 : isLeast ? ratioToLeast(measured, limit, unit) : ratioOf(measured, limit),
  };
}

const ratioOf = (measured: number, limit: number): number =>
  limit === 0 ? (measured > 0 ? Infinity : 0) : measured / limit;

/** Of a lower limit. Of a share, what is missing to 1 is what counts: 96 % of 95 % is near the limit. */
function ratioToLeast(measured: number, limit: number, unit: string): number {
  return unit === 'share' && limit < 1 ? ratioOf(1 - measured, 1 - limit) : ratioOf(limit, measured);
}

function limitOfGenerator({ health }: RunResult): { limited: boolean; reasons: string[] } {
  if (health.generatorLimited !== true) return { limited: false, reasons: [] };
  return { limited: true, reasons: [`the generator was the limit: ${health.reasons.join('; ')}`] };
}

/** Less load than planned, without a failure of the target that explains it. */
function tooLittle({ health }: RunResult): boolean {
  return health.achievedOfOffered !== null && health.achievedOfOffered < LEAST_ACHIEVED;
}

/** A scenario that ended the run itself, such as by the end of its rows: the level was not held for the planned time. */
function stoppedEarly(result: RunResult): string[] {
  const { end, plannedDurationMs } = result.run;
  const loadedMs = loadMs(result);
  if (end.kind !== 'stopped' || plannedDurationMs === null || loadedMs >= LEAST_ACHIEVED * plannedDurationMs)
    return [];
  return [
    `the run was stopped after ${seconds(loadedMs)} of ${seconds(plannedDurationMs)} s` +
      `${end.reason === undefined ? '' : ` (${end.reason})`}, so this level was not measured: ` +
      "give a feeder more rows or atEnd: 'repeat', and let no scenario stop the run",
  ];
}

const seconds = (ms: number): number => Number((ms / 1000).toFixed(1));

function rateLimitText({ notes, totals }: RunResult): string {
  const told = notes.find(({ code }) => code === 'rate-limit-hit')?.text;
  if (told !== undefined) return told;
  const accepted = totals.requestsPerSecond - totals.failuresPerSecond;
  return (
    `the target limits the rate: ${formatShare(totals.rateLimitedShare)} of the requests were answered with status 429; ` +
    `${formatMeasure(accepted, 'per second')} were accepted`
  );
}

/** Failures of the target or of the scenario that no promise names. */
function otherFailures({ verdict, run, iterations }: RunResult): string[] {
  const ofTarget = verdict.reasons.filter(({ code }) =>
    ['circuit-breaker', 'nothing-succeeded', 'no-requests', 'no-iterations', 'dropped-iterations'].includes(
      code,
    ),
  );
  const isStarted = !verdict.reasons.some(({ code }) => NOT_STARTED.has(code));
  const exceptions = verdict.reasons.filter(
    ({ code }) => code === 'exceptions' || code === 'unhandled-errors',
  );
  // Dropped iterations are the end of a backlog; where little was planned, one is more than the share.
  const isDropped = run.end.kind === 'completed' && iterations.dropped > 0;
  return [...ofTarget, ...exceptions]
    .filter(({ code }) => code !== 'dropped-iterations' || isDropped)
    .filter(({ code }) => isStarted || (code !== 'no-requests' && code !== 'no-iterations'))
    .map(({ text }) => text);
}

/** Work in flight that grows until the end of the plan: more arrives than is done. */
function backlog({ series, run, iterations, scenarios }: RunResult): string[] {
  const end = run.plannedDurationMs;
  if (end === null || run.end.kind !== 'completed') return [];
  const points = series.points.filter(({ atMs, durationMs }) => atMs + durationMs <= end + 50);
  const last = meanInFlight(points.slice(-3));
  const middle = meanInFlight(
    points.slice(Math.floor(points.length / 2) - 1, Math.floor(points.length / 2) + 2),
  );
  if (last === undefined || middle === undefined || points.length < 8) return [];
  // Only arrivals that come regardless of answers can pile up.
  if (scenarios.every(({ model }) => model !== 'open')) return [];
  if (last < BACKLOG_SHARE * iterations.planned || last < BACKLOG_GROWTH * middle) return [];
  return [
    `the backlog grows: ${Math.round(last)} iterations in flight at the end of the step, ${Math.round(middle)} halfway`,
  ];
}

function meanInFlight(points: readonly SeriesPoint[]): number | undefined {
  const known = points.flatMap(({ inFlight }) => inFlight ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
