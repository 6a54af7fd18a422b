/**
 * A session of the command line: guard, targets, mock and suite; states and transitions: see `RunSession`.
 *
 * Must hold:
 * - The caller calls `close` on every path: it ends the run that is on, and the mock.
 * - A preparation that was given up by `stop`, `close` or a later one changes the session no more: all that it awaits passes
 *   `current`.
 * - `start` tells listeners last (`act`): at the first `running` they may stop and steer the run.
 * - The document of a run has passed `finish`, and `status.error` the redactor; what `prepare` rejects with has not. The caller
 *   writes and shows all of it.
 * - `afterRun` of the suite comes after the document is written, and before the state that a next run can start from.
 */
import { randomInt } from 'node:crypto';
import {
  EngineError,
  startLoad,
  type LoadRun,
  type Output,
  type RunSession,
  type SessionRun,
  type SessionStatus,
  type UserRampOptions,
} from '@jarvis-load/engine';
import { namedReasonOf, reasonOf } from '@jarvis-load/engine/show';
import type { RunResult } from '@jarvis-load/engine/result';
import type { CommandContext } from '../commands/command.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { Progress } from '../output/progress.ts';
import { newRunId } from '../results/run-id.ts';
import { afterRun } from '../run/after-run.ts';
import { chooseTests } from '../run/choose-tests.ts';
import type { ChosenTests } from '../run/chosen-tests.ts';
import { weightsOf } from '../run/executors-for.ts';
import { describeShape, loadShape, profileNamed, type LoadShape } from '../run/load-shape.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import { prepareRun, type PreparedRun } from '../run/prepare-run.ts';
import { runOptions } from '../run/run-on-target.ts';
import type { PlannedScenario } from '../run/scenarios.ts';
import { refuseUnfitThresholds, thresholdsOfRun } from '../run/thresholds-of-run.ts';
import { openTarget, type OpenTarget } from '../target/open-target.ts';
import { RunSteering, userShares, type LoadOfRun } from '../run/run-steering.ts';
import { SessionStateMachine } from './session-state-machine.ts';
import { SessionTarget, type TargetChoice } from './session-target.ts';
import { steeredShape, type SteeredLoad } from './steered-shape.ts';

/** What a run of a session is. */
export interface SessionPlan {
  /** As of `load`: target, scenarios, thresholds, and a profile, stages or a rate, unless it is steered. */
  readonly settings: LoadSettings;
  /** A test file, as the person named it. @default the built-in suite */
  readonly file?: string;
  /** The command line that the report names for a repetition. @default that of this process */
  readonly argv?: readonly string[];
  /** Users or a rate that are set while the run is on, from these. @default the load that the settings plan */
  readonly steered?: SteeredLoad;
  /** The records of its runs are merged with those of other processes. @default false */
  readonly isPart?: boolean;
}

/** What is known of a run that may start. */
export interface SessionFacts {
  readonly target: { readonly name: string; readonly baseUrl: string; readonly detail: string | undefined };
  readonly scenarios: readonly string[];
  /** The same as they run on this target, each with its weight in the profile of a run that is steered by users. */
  readonly definitions: readonly (PlannedScenario & { readonly weight: number })[];
  /** The load in words. */
  readonly load: string;
  readonly seed: number;
}

/** One prepared run. */
interface Ready {
  readonly plan: SessionPlan;
  readonly settings: LoadSettings;
  readonly runId: string;
  readonly seed: number;
  readonly target: OpenTarget;
  readonly tests: ChosenTests;
  readonly shape: LoadShape;
  readonly prepared: PreparedRun;
}

/** Prepares, starts and steers runs for a client such as the live page or the Locust worker. */
export class CliSession implements RunSession<SessionPlan, SessionFacts> {
  readonly #context: CommandContext;
  readonly #progress: Pick<Progress, 'say' | 'warn'>;
  readonly #target: SessionTarget;
  readonly #machine: SessionStateMachine;
  readonly #offSignals: () => void;
  /** Kept after its run, to start it again. */
  #ready: Ready | undefined;
  #run: LoadRun | undefined;
  #finished: Promise<unknown> = Promise.resolve();
  #steering: RunSteering | undefined;
  /** Number of preparations so far: one that was given up must not go on. */
  #preparations = 0;
  #closed = false;

  /**
   * @param open @default with guard and mock
   * @param addresses that may be prepared for. @default none: targets by name
   */
  constructor(
    context: CommandContext,
    progress: Pick<Progress, 'say' | 'warn'>,
    open = openTarget,
    addresses: TargetChoice = [],
  ) {
    this.#context = context;
    this.#progress = progress;
    this.#target = new SessionTarget(open, context, addresses);
    this.#machine = new SessionStateMachine((error) =>
      progress.warn(`a listener of the session threw: ${namedReasonOf(error)}`),
    );
    this.#offSignals = context.interruption.onStop((signal, now) => {
      if (now) this.#run?.abort(`${signal}, twice`);
      else if (this.status.allowed.includes('stop')) this.stop(signal, 3000);
    });
  }

  get status(): SessionStatus {
    return this.#machine.status;
  }

  onStatus(listener: (status: SessionStatus) => void): () => void {
    return this.#machine.onStatus(listener);
  }

  async prepare(plan: SessionPlan): Promise<SessionFacts> {
    this.#requireOpen();
    this.#machine.act('prepare', { phase: null });
    const { prepared, shape, target, seed } = await this.#prepare(plan);
    this.#machine.reach('ready');
    const { name, baseUrl, detail } = target;
    const demands = prepared.scenarios.map(({ demand }) => demand);
    const weights = shape.kind === 'steered-users' ? weightsOf(shape.profile, demands) : [];
    return {
      target: { name, baseUrl, detail },
      scenarios: prepared.scenarios.map((scenario) => scenario.name),
      definitions: prepared.scenarios.map((scenario, index) => ({
        ...scenario,
        weight: weights[index] ?? 1,
      })),
      load: describeShape(shape),
      seed,
    };
  }

  async start(
    outputs: readonly Output[] = [],
    write: (result: RunResult) => void = () => undefined,
  ): Promise<SessionRun> {
    this.#requireOpen();
    this.#machine.require('start');
    if (this.status.state === 'ended') {
      this.#machine.act('start', { phase: null });
      await this.#prepare(this.#ready!.plan);
      this.#machine.reach('ready');
    }
    // The preparation may have been stopped in the turn in which it ended.
    this.#machine.require('start');
    const ready = this.#ready!;
    const { argv } = ready.plan;
    const named = argv === undefined ? {} : { argv };
    let run: LoadRun;
    try {
      run = startLoad({
        ...runOptions({ ...ready, context: { ...this.#context, ...named } }, ready.prepared),
        outputs: [this.#phases, ...outputs],
      });
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#run = run;
    this.#steering = new RunSteering(run, loadOf(ready));
    const result = this.#finish(run, ready, write);
    this.#finished = result.catch(() => undefined);
    // Last: a listener may stop or steer the run as soon as it hears of it.
    this.#machine.act('start', { runId: ready.runId });
    return { id: ready.runId, result };
  }

  /** Of the run that is on or was the last. */
  get steering(): RunSteering | undefined {
    return this.#steering;
  }

  setUsers(users: number | Readonly<Record<string, number>>, ramp: UserRampOptions = {}): void {
    this.#machine.require('setUsers');
    this.#steering!.setUsers(users, ramp);
  }

  /** Divides users over the scenarios as the load of the prepared run does. @throws EngineError `invalid-option` */
  shares(users: number): Record<string, number> {
    return userShares(loadOf(this.#ready!), users);
  }

  setRate(rate: number): void {
    this.#machine.require('setRate');
    this.#steering!.setRate(rate);
  }

  pause(): void {
    this.#machine.act('pause');
    this.#steering!.pause();
  }

  resume(): void {
    this.#machine.act('resume');
    this.#steering!.resume();
  }

  stop(reason: string, withinMs?: number): void {
    const preparing = this.status.state === 'preparing';
    this.#machine.act('stop');
    if (preparing) this.#preparations++;
    else this.#run?.stop(reason, withinMs);
  }

  reset(): void {
    this.#machine.act('reset', { runId: null, phase: null });
    this.#ready = undefined;
    this.#run = undefined;
    this.#steering = undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#offSignals();
    this.#preparations++;
    this.#run?.abort('the session was closed');
    await this.#finished;
    await this.#target.close();
  }

  async #prepare(plan: SessionPlan): Promise<Ready> {
    const mine = ++this.#preparations;
    const current = async <T>(work: Promise<T>): Promise<T> => {
      const value = await work;
      if (mine === this.#preparations) return value;
      throw new EngineError('wrong-state', 'the preparation was given up by stop.');
    };
    const { settings, file, steered, isPart } = plan;
    const { cwd } = this.#context;
    try {
      const tests = await current(chooseTests(settings, cwd, file));
      const planned = steered === undefined ? loadShape(settings, tests) : undefined;
      // Before a mock is started for a profile that does not exist.
      if (steered !== undefined) profileNamed(settings, tests.suite);
      const target = await current(this.#target.open(settings, tests.mockSettings));
      const shape = planned ?? steeredShape(settings, steered!, target.ceilings, tests.suite);
      refuseUnfitThresholds(thresholdsOfRun(settings, shape), tests);
      const runId = newRunId(new Date());
      const seed = settings.seed ?? randomInt(2 ** 31);
      const request = { settings, target, tests, shape, runId, seed };
      const prepared = await current(
        prepareRun({
          ...request,
          isPart,
          flags: LOAD_FLAGS,
          announce: (where) => [`run ${runId}: ${where}`, `${describeShape(shape)}, seed ${seed}`],
          progress: this.#progress,
          context: this.#context,
        }),
      );
      this.#ready = { ...request, plan, prepared };
      return this.#ready;
    } catch (error) {
      if (mine === this.#preparations) {
        // The target that was opened may be the cause: the next preparation opens it anew.
        await this.#target.close();
        if (mine === this.#preparations) this.#fail(error);
      }
      throw error;
    }
  }

  /** The finished document of a run, and the state that its end leads to. */
  async #finish(run: LoadRun, ready: Ready, write: (result: RunResult) => void): Promise<RunResult> {
    try {
      const result = ready.prepared.finish(await run.result);
      write(result);
      await afterRun(result, ready, this.#progress, this.#context);
      this.#machine.reach('ended');
      return result;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Follows the phases of the run. */
  readonly #phases: Output = {
    name: 'session',
    event: (event) => {
      if (event.type !== 'phase') return;
      const { phase } = event;
      if (phase === 'drain' || phase === 'teardown') this.#machine.reach('stopping', { phase });
      else this.#machine.note({ phase });
    },
  };

  #fail(error: unknown): void {
    this.#machine.reach('failed', { error: this.#context.redactor.text(reasonOf(error)) });
  }

  #requireOpen(): void {
    if (this.#closed) throw new EngineError('wrong-state', 'the session is closed; expected a new one.');
  }
}

function loadOf({ shape, prepared, target }: Pick<Ready, 'shape' | 'prepared' | 'target'>): LoadOfRun {
  return { shape, scenarios: prepared.scenarios, ceilings: target.ceilings };
}
