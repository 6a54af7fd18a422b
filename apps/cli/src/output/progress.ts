import type { IntervalEvent, Output, RunEvent, RunInfo, RunSnapshot } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import type { RunScreen } from '../screen/run-screen.ts';
import type { Console } from './console.ts';
import { joinEvents, progressPieces, steeringText } from './progress-text.ts';

const LINE_EVERY_MS = 5000;

/** How progress is shown. */
export interface ProgressOptions {
  readonly quiet: boolean;
  /** Shows the run in place of lines. */
  readonly screen?: RunScreen;
}

const PHASE_WORDS: Readonly<Record<string, string>> = {
  'warm-up': 'warming up',
  setup: 'setting up',
  run: 'running',
  drain: 'letting running iterations end',
  teardown: 'cleaning up',
};

/**
 * Shows the progress of a run on stderr: a line every five seconds, or a screen. It removes no secrets. The caller calls `clear`
 * on every path.
 */
export class Progress implements Output {
  readonly name = 'progress';
  readonly #console: Console;
  readonly #options: ProgressOptions;
  readonly #screen: RunScreen | undefined;
  #window: IntervalEvent[] = [];
  #lastLineMs = 0;

  constructor(console: Console, options: ProgressOptions) {
    this.#console = console;
    this.#options = options;
    this.#screen = options.screen;
  }

  /** Prints a message, except with `--quiet`. */
  say(text: string): void {
    if (!this.#options.quiet) this.warn(text);
  }

  /** Prints a message even with `--quiet`. */
  warn(text: string): void {
    if (this.#screen?.isOpen === true) this.#screen.say(text);
    else this.#console.err.write(`${text}\n`);
  }

  start(run: RunInfo): void {
    this.#screen?.start(run);
  }

  *interval(snapshot: RunSnapshot): Generator<undefined, void> {
    if (this.#screen === undefined) this.#line(snapshot.summary);
    else yield* this.#screen.interval(snapshot);
  }

  event(event: Exclude<RunEvent, IntervalEvent>): void {
    this.#screen?.event(event);
    if (event.type === 'notice') {
      if (event.level === 'warning') this.warn(`warning: ${event.text}`);
      else this.say(event.text);
    } else if (event.type === 'steering') {
      // The screen shows users and rate; a line for each step of a key would be many.
      if (this.#screen?.isOpen !== true) this.say(steeringText(event));
    } else if (event.phase !== 'run' && event.phase !== 'done' && this.#screen?.isOpen !== true)
      this.say(`${PHASE_WORDS[event.phase] ?? event.phase} ...`);
  }

  stop(result: RunResult | undefined): void {
    this.#screen?.stop(result);
  }

  /** Gives the terminal back. */
  clear(): void {
    this.#screen?.close();
  }

  #line(event: IntervalEvent): void {
    if (this.#options.quiet) return;
    this.#window.push(event);
    if (event.endMs - this.#lastLineMs < LINE_EVERY_MS - 500) return;
    const window = joinEvents(this.#window);
    if (window !== undefined) this.#console.err.write(`${progressPieces(window).join('  ')}\n`);
    this.#window = [];
    this.#lastLineMs = event.endMs;
  }
}
