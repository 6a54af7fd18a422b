import type { IntervalEvent, LoadRun, Output, RunEvent, RunInfo, RunSnapshot } from '@jarvis-load/engine';
import { reasonOf } from '@jarvis-load/engine/show';
import type { RunResult } from '@jarvis-load/engine/result';
import { LiveOutput, LiveStore } from '@jarvis-load/live';
import type { RunSteering } from '../run/run-steering.ts';
import { wantsColor, type Console } from '../output/console.ts';
import { joinEvents } from '../output/progress-text.ts';
import { AlternateScreen } from './alternate-screen.ts';
import type { Keyboard } from './keyboard.ts';
import { screenLines, type Paint } from './screen-lines.ts';

/** Seconds of traffic in the rates. */
const WINDOW_EVENTS = 5;
const STYLES = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 } as const;
const DEFAULT_SIZE = { columns: 80, rows: 24 } as const;

/** Steps of the keys that change users or rate, as in Locust. */
const STEPS: Readonly<Record<string, number | undefined>> = { w: 1, W: 10, s: -1, S: -10 };

const PHASES: Readonly<Record<string, string | undefined>> = {
  drain: 'ending: running iterations finish',
  teardown: 'cleaning up',
};

/**
 * The run on one screen of the terminal, redrawn in place each second; keys stop, pause and steer it. Numbers are those of the
 * live page. Messages of the run stand again below it when the screen is gone.
 *
 * Must hold: only `Progress` calls it as an output; it is not in the list of outputs of the run, or each second counts twice.
 */
export class RunScreen implements Output {
  readonly name = 'screen';
  readonly #stream: Console['err'];
  readonly #screen: AlternateScreen;
  readonly #keyboard: Keyboard;
  readonly #paint: Paint;
  readonly #store = new LiveStore('view');
  readonly #output: LiveOutput;
  readonly #onResize = (): void => this.#draw();
  #window: IntervalEvent[] = [];
  #phase: string | undefined;
  #run: LoadRun | undefined;
  #steering: RunSteering | undefined;
  #isStopping = false;
  #closeKeyboard: (() => void) | undefined;
  /** Said while the screen was open. */
  #messages: string[] = [];
  readonly #warnings: string[] = [];
  readonly #redact: (text: string) => string;

  /** @param redact removes secrets from text of the target */
  constructor(console: Console, keyboard: Keyboard, redact: (text: string) => string) {
    this.#stream = console.err;
    this.#screen = new AlternateScreen(console.err);
    this.#keyboard = keyboard;
    this.#redact = redact;
    const isColored = wantsColor(console.err, console.environment);
    this.#paint = (style, text) => (isColored ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
    this.#output = new LiveOutput(this.#store, redact);
  }

  get isOpen(): boolean {
    return this.#screen.isOpen;
  }

  /** The run that the keys are for. */
  attach(run: LoadRun, steering: RunSteering): void {
    this.#run = run;
    this.#steering = steering;
  }

  start(run: RunInfo): void {
    this.#output.start(run);
  }

  event(event: Exclude<RunEvent, IntervalEvent>): void {
    if (event.type !== 'steering') this.#output.event(event);
    if (event.type === 'notice' && event.level === 'warning') this.#warnings.push(this.#redact(event.text));
    if (event.type !== 'phase') return;
    this.#phase = PHASES[event.phase];
    if (event.phase === 'run') this.#open();
    else if (event.phase === 'done') this.close();
    else this.#draw();
  }

  *interval(snapshot: RunSnapshot): Generator<undefined, void> {
    yield* this.#output.interval(snapshot);
    yield;
    this.#window = [...this.#window, snapshot.summary].slice(-WINDOW_EVENTS);
    this.#draw();
  }

  stop(result: RunResult | undefined): void {
    this.close();
    this.#output.stop(result);
  }

  /** A message of the run: shown below the screen when it is gone. */
  say(text: string): void {
    this.#messages.push(text);
  }

  /** Gives the terminal back, with the messages of the run. */
  close(): void {
    if (this.#closeKeyboard === undefined) return;
    this.#stream.off?.('resize', this.#onResize);
    this.#closeKeyboard();
    this.#closeKeyboard = undefined;
    this.#giveBack();
  }

  /** Leaves the screen; what was said while it was open stands below. */
  #giveBack(): void {
    this.#screen.leave();
    for (const text of this.#messages) this.#stream.write(`${text}\n`);
    this.#messages = [];
  }

  /** The screen opens when the terminal is ours; in the background nothing is drawn, and messages are written as they come. */
  #open(): void {
    this.#stream.on?.('resize', this.#onResize);
    this.#closeKeyboard = this.#keyboard.open({
      onKey: (key) => this.#onKey(key),
      release: () => this.#giveBack(),
      regain: () => {
        this.#screen.enter();
        this.#draw();
      },
    });
  }

  #onKey(key: string): void {
    const run = this.#run;
    if (run === undefined) return;
    if (key === 'Q' || (key === 'q' && this.#isStopping)) run.abort('stopped by key, at once');
    else if (key === 'q') {
      this.#isStopping = true;
      run.stop('stopped by key');
    } else if (key === 'p' && !this.#isStopping) {
      if (this.#store.state.now?.paused === true) this.#steering?.resume();
      else this.#steering?.pause();
    } else if (!this.#isStopping) this.#steer(STEPS[key] ?? 0);
  }

  /** Changes users or rate by a step, as far as the target allows. */
  #steer(step: number): void {
    const level = this.#steering?.level;
    if (level === undefined || step === 0) return;
    const { by, value, max } = level;
    const now = value ?? this.#store.state.now?.targetUsers;
    if (now === undefined) return;
    const next = Math.min(max, Math.max(0, now + step));
    try {
      if (by === 'users') this.#steering?.setUsers(next);
      else this.#steering?.setRate(next);
    } catch (error) {
      this.#warnings.push(this.#redact(reasonOf(error)));
    }
    this.#draw();
  }

  /** The keys that do something now, in words. */
  #keys(): string {
    if (!this.#keyboard.isThere) return '';
    if (this.#isStopping || this.#phase !== undefined) return 'Q end at once';
    const by = this.#steering?.level?.by;
    const steps = { users: '   w/s ±1 user   W/S ±10', rate: '   w/s ±1/s   W/S ±10/s' };
    const isPaused = this.#store.state.now?.paused === true;
    return `q stop   Q end at once   p ${isPaused ? 'go on' : 'pause'}${by === undefined ? '' : steps[by]}`;
  }

  #draw(): void {
    const { run, now, history } = this.#store.state;
    const level = this.#steering?.level;
    const view = {
      head: run,
      now,
      window: joinEvents(this.#window),
      p95: history.points.map(({ p95Ms }) => p95Ms),
      phase: this.#isStopping ? PHASES['drain'] : this.#phase,
      warnings: this.#warnings,
      rate: level?.by === 'rate' ? level.value : null,
      keys: this.#keys(),
    };
    const { columns = DEFAULT_SIZE.columns, rows = DEFAULT_SIZE.rows } = this.#stream;
    // A line that ends in the last column would lose its last character to the erasing of the rest.
    this.#screen.draw(screenLines(view, { columns: columns - 1, rows }, this.#paint));
  }
}
