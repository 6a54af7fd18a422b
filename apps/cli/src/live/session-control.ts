import {
  LiveError,
  LiveOutput,
  type LiveControl,
  type LiveMock,
  type LiveStore,
  type Offer,
  type StartRequest,
} from '@jarvis-load/live';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { UiSettings } from '../options/ui-flags.ts';
import type { Progress } from '../output/progress.ts';
import { Journal } from '../results/journal.ts';
import { outputsOfRun } from '../run/outputs-of-run.ts';
import { showResult } from '../run/show-result.ts';
import type { CliSession, SessionPlan } from '../session/cli-session.ts';
import { asked } from './asked.ts';
import { mockControl } from './mock-control.ts';
import type { RunArchive } from './run-archive.ts';
import { startOffer } from './start-offer.ts';

/** What `ui` gives its page to steer with. */
export interface SessionParts {
  readonly session: CliSession;
  readonly store: LiveStore;
  readonly settings: UiSettings;
  readonly context: CommandContext;
  readonly progress: Progress;
  readonly reportDirectory: string;
  readonly archive: RunArchive;
}

/** The page's control over a session of the command line: one run at a time, reports of each. */
export class SessionControl implements LiveControl {
  readonly #parts: SessionParts;
  #mock: LiveMock | undefined;
  #finished: Promise<void> = Promise.resolve();
  /** Users that a start approaches step by step, once the run is on. */
  #ramp: { readonly users: number; readonly perSecond: number } | undefined;
  #ceilings = { users: 0, rate: 0 };
  #isStopping = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    parts.session.onStatus(({ state, phase }) => {
      if (state === 'running' && phase === 'run') this.#isOn();
    });
  }

  /** The mock, while it is the target. */
  get mock(): LiveMock | undefined {
    return this.#mock;
  }

  /** Settles when the reports of the last run are written. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  offer(): Offer {
    return startOffer(this.#parts.settings, this.#parts.context.config);
  }

  start(request: StartRequest): Promise<void> {
    const { store } = this.#parts;
    const plan = this.#plan(request);
    this.#isStopping = false;
    store.clear();
    store.setSession({ state: 'preparing', mock: false });
    this.#finished = this.#run(plan, request);
    return Promise.resolve();
  }

  setUsers(users: number, perSecond: number | undefined): void {
    const { session, store } = this.#parts;
    checkCeiling('users', users, this.#ceilings.users);
    asked(() => session.setUsers(users, perSecond === undefined ? {} : { perSecond }));
    store.steer(session.steering?.level ?? null);
  }

  setRate(rate: number): void {
    const { session, store } = this.#parts;
    checkCeiling('iterations per second', rate, this.#ceilings.rate);
    asked(() => session.setRate(rate));
    store.steer(session.steering?.level ?? null);
  }

  pause(): void {
    asked(() => this.#parts.session.pause());
    this.#parts.store.paused(true);
  }

  resume(): void {
    asked(() => this.#parts.session.resume());
    this.#parts.store.paused(false);
  }

  stop(): void {
    const { session, store } = this.#parts;
    asked(() =>
      this.#isStopping
        ? session.stop('stopped at the live page, twice', 0)
        : session.stop('stopped at the live page'),
    );
    this.#isStopping = true;
    store.setSession({ state: 'stopping', steered: null });
  }

  reset(): void {
    asked(() => this.#parts.session.reset());
    this.#parts.store.clear();
  }

  /** The plan of the session. @throws LiveError for what the offer does not have */
  #plan({ target, scenarios, load }: StartRequest): SessionPlan {
    const offer = this.offer();
    const chosen = offer.targets.find(({ name }) => name === target);
    if (chosen === undefined)
      throw new LiveError(
        403,
        'target',
        `Target "${target}" is not configured`,
        'Choose one of GET /api/offer',
      );
    if (chosen.refused !== null) throw new LiveError(403, 'target', `Target "${target}": ${chosen.refused}`);
    const unknown = scenarios.find((name) => !offer.scenarios.some((scenario) => scenario.name === name));
    if (unknown !== undefined)
      throw new LiveError(400, 'scenario', `Unknown scenario "${unknown}"`, 'Choose some of GET /api/offer');
    this.#ceilings = { users: chosen.maxUsers, rate: chosen.maxRate };
    this.#ramp = undefined;
    const settings: LoadSettings = { ...this.#parts.settings, target, scenario: scenarios };
    if (load.kind === 'profile') {
      if (!offer.profiles.some(({ name }) => name === load.profile))
        throw new LiveError(
          400,
          'profile',
          `Unknown profile "${load.profile}"`,
          'Choose one of GET /api/offer',
        );
      const { profile, timeScale } = load;
      return { settings: { ...settings, profile, ...(timeScale === undefined ? {} : { timeScale }) } };
    }
    const { durationMs } = load;
    if (durationMs !== undefined && durationMs > (chosen.maxDurationMs ?? Number.POSITIVE_INFINITY))
      throw new LiveError(403, 'ceiling', `The run is longer than the target allows`);
    const timed = durationMs === undefined ? settings : { ...settings, duration: durationMs };
    if (load.kind === 'rate') {
      checkCeiling('iterations per second', load.rate, chosen.maxRate);
      return { settings: timed, steered: { rate: load.rate } };
    }
    checkCeiling('users', load.users, chosen.maxUsers);
    const { users, perSecond } = load;
    if (perSecond !== undefined && perSecond < users) this.#ramp = { users, perSecond };
    return { settings: timed, steered: { users: this.#ramp === undefined ? users : 0 } };
  }

  async #run(plan: SessionPlan, { load }: StartRequest): Promise<void> {
    const { session, store, settings, context, progress, reportDirectory, archive } = this.#parts;
    try {
      const { target } = await session.prepare(plan);
      this.#mock = target.name === 'mock' ? mockControl(target.baseUrl) : undefined;
      store.setSession({ mock: this.#mock !== undefined });
      const output = new LiveOutput(store, (text) => context.redactor.text(text));
      this.#initial = load;
      const { outputs, files } = outputsOfRun(plan.settings, context, progress);
      const journal = new Journal(reportDirectory, context.redactor);
      const { result } = await session.start([...outputs, journal, output]);
      const document = await result;
      showResult(document, { settings: plan.settings, reportDirectory, alsoWritten: files, context });
      journal.remove();
      store.setSession({
        state: 'ended',
        phase: null,
        steered: null,
        reports: [...archive.files(document.run.id)],
      });
    } catch (error) {
      const { message, next } = problemOf(error);
      store.log('error', context.redactor.text(message));
      store.setSession({
        state: 'ended',
        phase: null,
        steered: null,
        error: { message: context.redactor.text(message), next },
      });
      if (settings.debug === true) context.err.write(`${String(error)}\n`);
    }
  }

  #initial: StartRequest['load'] | undefined;

  /** The clock of the run has started. */
  #isOn(): void {
    const load = this.#initial;
    if (load === undefined) return;
    this.#initial = undefined;
    const { session, store } = this.#parts;
    if (this.#ramp !== undefined) session.setUsers(this.#ramp.users, { perSecond: this.#ramp.perSecond });
    store.setSession({ steered: session.steering?.level ?? null });
  }
}

function checkCeiling(what: string, value: number, most: number): void {
  if (value > most)
    throw new LiveError(403, 'ceiling', `${value} ${what} is more than the target allows`, `At most ${most}`);
}

function problemOf(error: unknown): { readonly message: string; readonly next: string | null } {
  if (error instanceof CliError)
    return { message: error.message, next: error.next ?? error.expected ?? null };
  return { message: error instanceof Error ? error.message : String(error), next: null };
}
