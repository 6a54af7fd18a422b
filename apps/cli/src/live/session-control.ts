/**
 * The page's control over a session of the command line: one run at a time, reports of each. The caller closes the session.
 *
 * Must hold:
 * - `start` comes only while the store is `idle` or `ended`, which the route of `packages/live` checks: it clears the store.
 * - Of all other calls the session decides what its state allows; errors of it become `LiveError` (`asked`).
 * - Every end of a run sets the store to `ended`, with reports or with the error, or the page would wait for ever.
 * - The journal is removed only after the document is written: until then it is the only record of the run.
 * - Texts of errors pass the redactor here, those of a `LiveError` too: store, terminal and page show them as they are.
 */
import { namedReasonOf, reasonOf } from '@jarvis-load/engine/show';
import type { RunResult } from '@jarvis-load/engine/result';
import {
  LiveError,
  LiveOutput,
  type LiveControl,
  type LiveMock,
  type LiveStore,
  type Offer,
  type StartRequest,
} from '@jarvis-load/live';
import { LastPages } from '@jarvis-load/outputs';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import type { UiSettings } from '../options/ui-flags.ts';
import type { Progress } from '../output/progress.ts';
import { Journal } from '../results/journal.ts';
import { outputsOfRun } from '../run/outputs-of-run.ts';
import { showResult } from '../run/show-result.ts';
import type { CliSession, SessionPlan } from '../session/cli-session.ts';
import { asked } from './asked.ts';
import { FILES_SO_FAR } from './files-so-far.ts';
import { mockControl } from './mock-control.ts';
import type { RunArchive } from './run-archive.ts';
import type { OfferedSuites } from './offered-suites.ts';
import { checkCeiling, planOfStart, type PlannedStart, type StartParts } from './plan-of-start.ts';
import { REPORT_WORDING } from './report-wording.ts';
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
  readonly suites: OfferedSuites;
}

/** Starts, steers and ends the runs of one session for the page. */
export class SessionControl implements LiveControl {
  readonly #parts: SessionParts;
  readonly #pages = new LastPages();
  #mock: LiveMock | undefined;
  #finished: Promise<void> = Promise.resolve();
  /** Users that a start approaches step by step, once the run is on. */
  #ramp: PlannedStart['ramp'];
  /** Before the first start the session refuses, whatever the number. */
  #ceilings: PlannedStart['ceilings'] = { users: Number.POSITIVE_INFINITY, rate: Number.POSITIVE_INFINITY };
  #isStarting = false;
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

  async offer(): Promise<Offer> {
    const { offer } = await this.#offered();
    return offer;
  }

  async start(request: StartRequest): Promise<void> {
    const { store } = this.#parts;
    // Another start may come while the test file is read.
    if (this.#isStarting) throw new LiveError(409, 'busy', 'A run is being started', 'Wait for it');
    this.#isStarting = true;
    try {
      const parts = await this.#offered();
      const { plan, ramp, ceilings } = this.#redacted(() => planOfStart(request, parts));
      this.#ramp = ramp;
      this.#ceilings = ceilings;
      this.#isStopping = false;
      this.#mock = undefined;
      store.clear();
      store.setSession({ state: 'preparing', mock: false });
      this.#finished = this.#run(plan, request);
    } finally {
      this.#isStarting = false;
    }
  }

  setUsers(users: number, perSecond: number | undefined): void {
    const { session, store } = this.#parts;
    checkCeiling('users', users, this.#ceilings.users);
    this.#asked(() => session.setUsers(users, perSecond === undefined ? {} : { perSecond }));
    store.steer(session.steering?.level ?? null);
  }

  setRate(rate: number): void {
    const { session, store } = this.#parts;
    checkCeiling('iterations per second', rate, this.#ceilings.rate);
    this.#asked(() => session.setRate(rate));
    store.steer(session.steering?.level ?? null);
  }

  pause(): void {
    this.#asked(() => this.#parts.session.pause());
    this.#parts.store.paused(true);
  }

  resume(): void {
    this.#asked(() => this.#parts.session.resume());
    this.#parts.store.paused(false);
  }

  stop(): void {
    const { session, store } = this.#parts;
    this.#asked(() =>
      this.#isStopping
        ? session.stop('stopped at the live page, twice', 0)
        : session.stop('stopped at the live page'),
    );
    this.#isStopping = true;
    store.setSession({ state: 'stopping', steered: null });
  }

  reset(): void {
    this.#asked(() => this.#parts.session.reset());
    this.#parts.store.clear();
  }

  /** What there is now: the config file is read once, a test file whenever it was changed. @throws LiveError 400 */
  async #offered(): Promise<StartParts> {
    const { settings, context, suites } = this.#parts;
    try {
      const current = await suites.current();
      const offer = startOffer(settings, context.config, current);
      return { settings, offer, suites: current, file: suites.file, argv: context.argv };
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const { message, next } = problemOf(error);
      throw this.#withoutSecrets(new LiveError(400, 'offer', message, next));
    }
  }

  #asked(act: () => void): void {
    this.#redacted(() => asked(act));
  }

  #redacted<Value>(act: () => Value): Value {
    try {
      return act();
    } catch (error) {
      throw error instanceof LiveError ? this.#withoutSecrets(error) : error;
    }
  }

  #withoutSecrets({ status, code, message, next }: LiveError): LiveError {
    const { redactor } = this.#parts.context;
    return new LiveError(status, code, redactor.text(message), next && redactor.text(next));
  }

  async #run(plan: SessionPlan, { load }: StartRequest): Promise<void> {
    const { session, store, settings, context, progress, reportDirectory, archive } = this.#parts;
    try {
      const { target } = await session.prepare(plan);
      this.#mock = target.name === 'mock' ? mockControl(target.baseUrl) : undefined;
      store.setSession({ mock: this.#mock !== undefined });
      const output = new LiveOutput(store, (text) => context.redactor.text(text), REPORT_WORDING);
      this.#initial = load;
      const { outputs, filesOf } = outputsOfRun(plan.settings, context, progress, this.#pages);
      const journal = new Journal(reportDirectory, context.redactor);
      const write = (document: RunResult): void => {
        showResult(document, {
          settings: plan.settings,
          reportDirectory,
          alsoWritten: filesOf(document.run.id),
          context,
        });
        journal.remove();
      };
      const { result } = await session.start([...outputs, journal, output], write);
      const document = await result;
      store.setSession({
        state: 'ended',
        phase: null,
        steered: null,
        reports: [...archive.files(document.run.id)],
      });
    } catch (error) {
      const { message: text, next: step } = problemOf(error);
      const message = context.redactor.text(text);
      const next = step && context.redactor.text(step);
      store.log('error', message);
      progress.warn(`error: ${message}`);
      store.setSession({ state: 'ended', phase: null, steered: null, reports: [], error: { message, next } });
      if (settings.debug === true) context.err.write(`${context.redactor.text(namedReasonOf(error))}\n`);
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
    store.setSession({ steered: session.steering?.level ?? null, reports: [...FILES_SO_FAR] });
  }
}

function problemOf(error: unknown): { readonly message: string; readonly next: string | null } {
  if (error instanceof CliError)
    return { message: error.message, next: error.next ?? error.expected ?? null };
  return { message: reasonOf(error), next: null };
}
