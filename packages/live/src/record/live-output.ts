/*
 * `LiveOutput`: a run in the store, for the live page and the screen of the terminal. Must hold:
 * - One object per run: totals begin at 0 in the constructor.
 * - It runs in the thread that makes the load: `interval` yields after each part that takes about a millisecond.
 * - Texts of the target are redacted here, before they reach the store.
 * - It sets the states `running` and `stopping` as the phases come. The command line sets the others, `ended` after the reports,
 *   and `stopping` too when a person stops the run.
 * - The page reads the text of a mark (`components/operation-detail.tsx`): that of an objective begins with its operation.
 */
import type {
  IntervalEvent,
  NoticeEvent,
  Output,
  PhaseEvent,
  RunInfo,
  RunSnapshot,
  SteeringEvent,
} from '@jarvis-load/engine';
import { mergeSnapshots } from '@jarvis-load/engine/recorder';
import type { RunResult } from '@jarvis-load/engine/result';
import type { Now, Point } from '../api/run-schema.ts';
import { generatorView } from './generator-view.ts';
import { Groups } from './groups.ts';
import type { LiveStore } from './live-store.ts';
import { nowOfResult } from './now-of-result.ts';
import { OperationTotals } from './operation-totals.ts';
import { PointSeries } from './point-series.ts';
import { promisesOf } from './promise-rows.ts';
import { StreamTotals } from './stream-totals.ts';
import { BARE_WORDING, failingInWords, type Wording } from './wording.ts';

/** An hour has one for each 8 s. */
const MOST_POINTS = 600;

const PHASE_WORDS = {
  'warm-up': 'Warming up',
  setup: 'Setting up',
  run: 'Running',
  drain: 'Running iterations end',
  teardown: 'Cleaning up',
  done: 'The load has ended',
} as const;

/** Writes one run into the store, second by second: the live page as an output of the engine. */
export class LiveOutput implements Output {
  readonly name = 'live page';
  readonly #store: LiveStore;
  readonly #redact: (text: string) => string;
  readonly #wording: Wording;
  readonly #series = new PointSeries<Point>(MOST_POINTS, (a, b) => ({
    ...b,
    iterations: a.iterations + b.iterations,
    dropped: a.dropped + b.dropped,
  }));
  readonly #operations = new OperationTotals();
  readonly #streams = new StreamTotals();
  #groups: Groups | undefined;
  #iterations = 0;
  #dropped = 0;
  #isLimited = false;
  /** The load was set by hand: it no longer follows the stages of the plan. */
  #isSteered = false;
  /** Promises that fail, by label; a threshold of a scenario has it in its selector, so labels are unique. */
  readonly #failing = new Set<string>();

  /**
   * @param redact removes secrets from text of the target
   * @param wording sentences of the report; without it they name promises only
   */
  constructor(
    store: LiveStore,
    redact: (text: string) => string = (text) => text,
    wording: Wording = BARE_WORDING,
  ) {
    this.#store = store;
    this.#redact = redact;
    this.#wording = wording;
  }

  start(run: RunInfo): void {
    this.#groups = new Groups(run, this.#redact);
    const head = {
      runId: run.runId,
      target: { name: run.target.name, url: run.target.url },
      startedAt: new Date(run.preparedWallMs).toISOString(),
      seed: run.seed,
      load: typeof run.config['load'] === 'string' ? run.config['load'] : '',
      scenarios: run.scenarios.map(({ name }) => name),
    };
    this.#store.begin(head, (scenario, operation) => {
      const course = this.#operations.course(scenario, operation);
      const streams = this.#streams.course(scenario, operation) ?? null;
      return course === undefined ? undefined : { ...course, streams };
    });
    for (const { level, text } of run.notes) this.#store.log(level, this.#redact(text));
  }

  event(event: PhaseEvent | NoticeEvent | SteeringEvent): void {
    const store = this.#store;
    if (event.type === 'notice') return store.log(event.level, this.#redact(event.text));
    if (event.type === 'steering') return store.log('info', changeText(event));
    store.log('info', PHASE_WORDS[event.phase]);
    store.setSession({
      phase: event.phase,
      ...(event.phase === 'run' ? { state: 'running' as const } : {}),
      ...(event.phase === 'drain' ? { state: 'stopping' as const, steered: null } : {}),
    });
  }

  *interval(snapshot: RunSnapshot): Generator<undefined, void> {
    const { summary } = snapshot;
    if (snapshot.steering.length > 0) this.#isSteered = true;
    this.#iterations += summary.iterations;
    this.#dropped += summary.dropped;
    this.#operations.add(summary, snapshot.delta);
    yield;
    this.#streams.add(snapshot.delta, summary.startMs, summary.endMs);
    this.#groups?.add(snapshot.delta);
    const times = mergeSnapshots(summary.operations.map(({ responseTime }) => responseTime));
    const { last, isWidened } = this.#series.add(pointOf(summary, this.#isSteered), times);
    yield;
    const operations = this.#operations.rows();
    yield;
    const now = this.#now(snapshot, operations);
    yield;
    this.#store.second(last, now, this.#series.history, isWidened);
    this.#mark(summary.startMs, now);
  }

  /** The final numbers come from the document, which includes what ended after the last snapshot. */
  stop(result: RunResult | undefined): void {
    if (result === undefined) return;
    const now = nowOfResult(result, this.#wording, this.#redact);
    this.#store.end(this.#groups?.withPlan(now) ?? now, this.#wording.verdict(result));
  }

  #now(snapshot: RunSnapshot, operations: Now['operations']): Now {
    const { summary, health } = snapshot;
    const { progress, total } = summary;
    return {
      elapsedMs: progress.elapsedMs,
      plannedMs: progress.plannedMs,
      stage: this.#isSteered ? null : (progress.stage ?? null),
      paused: summary.paused,
      users: summary.users,
      targetUsers: summary.targetUsers,
      inFlight: summary.inFlight,
      requests: total.requests,
      requestsPerSecond: null,
      failed: total.failed,
      iterations: this.#iterations,
      dropped: this.#dropped,
      outcomes: total.outcomes,
      ...total.response,
      operations,
      streams: this.#streams.rows(),
      promises: promisesOf(snapshot),
      missed: [...failingInWords(snapshot, this.#wording)],
      failures: [],
      failuresNotListed: 0,
      exceptions: [],
      exceptionsNotListed: 0,
      scenarios: null,
      ...this.#groups?.values,
      generator: generatorView(summary, health),
    };
  }

  /** Marks the moments at which a promise breaks, or the generator becomes the limit. */
  #mark(atMs: number, now: Now): void {
    for (const { label, operation, status } of now.promises ?? []) {
      const name = operation === null ? label : `${operation} ${label}`;
      if (status !== 'fail') this.#failing.delete(name);
      else if (!this.#failing.has(name)) {
        this.#failing.add(name);
        this.#store.mark({ atMs, kind: 'threshold', text: `${name} fails` });
        this.#store.log('warning', `${name} fails`);
      }
    }
    const [reason] = now.generator.reasons;
    if (reason !== undefined && !this.#isLimited) this.#store.mark({ atMs, kind: 'generator', text: reason });
    this.#isLimited = reason !== undefined;
  }
}

/** `chat-user: users set to 40, 5 each second`. */
function changeText({ scenario, users, perSecond, rate }: SteeringEvent): string {
  if (users === undefined) return `${scenario}: rate set to ${rate ?? 0}`;
  return `${scenario}: users set to ${users}${perSecond === undefined ? '' : `, ${perSecond} each second`}`;
}

function pointOf(event: IntervalEvent, isSteered: boolean): Point {
  const { startMs, endMs, users, targetUsers, inFlight, iterations, dropped, requests, outcomes } = event;
  return {
    atMs: startMs,
    durationMs: endMs - startMs,
    users,
    targetUsers,
    inFlight,
    iterations,
    dropped,
    requests,
    outcomes,
    ...event.response,
    stage: isSteered ? null : (event.progress.stage?.label ?? null),
  };
}
