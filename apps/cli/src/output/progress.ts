import type { IntervalEvent, Output, RunEvent, RunSnapshot } from '@jarvis-load/engine';
import { widthOf, type Console } from './console.ts';
import { fitLine, joinEvents, progressPieces, steeringText } from './progress-text.ts';

/** Interval of progress lines when the stream is not a terminal. */
const LINE_EVERY_MS = 5000;
/** Seconds of traffic summarised in a line. */
const WINDOW_EVENTS = 5;

const DEFAULT_WIDTH = 80;

/** How progress is shown. */
export interface ProgressOptions {
  readonly quiet: boolean;
  /** Redraw a single line if stderr is a terminal. */
  readonly live: boolean;
}

const PHASE_WORDS: Readonly<Record<string, string>> = {
  'warm-up': 'warming up',
  setup: 'setting up',
  run: 'running',
  drain: 'letting running iterations end',
  teardown: 'cleaning up',
};

/** Shows the progress of a run on stderr. */
export class Progress implements Output {
  readonly name = 'progress';
  readonly #console: Console;
  readonly #options: ProgressOptions;
  readonly #live: boolean;
  #window: IntervalEvent[] = [];
  #lastLineMs = 0;
  #drawn = false;

  constructor(console: Console, options: ProgressOptions) {
    this.#console = console;
    this.#options = options;
    this.#live = options.live && console.err.isTTY === true && console.environment['TERM'] !== 'dumb';
  }

  /** Prints a message, except with `--quiet`. */
  say(text: string): void {
    if (this.#options.quiet) return;
    this.clear();
    this.#console.err.write(`${text}\n`);
  }

  /** Prints a message even with `--quiet`. */
  warn(text: string): void {
    this.clear();
    this.#console.err.write(`${text}\n`);
  }

  interval({ summary }: Pick<RunSnapshot, 'summary'>): void {
    this.#interval(summary);
  }

  event(event: Exclude<RunEvent, IntervalEvent>): void {
    if (event.type === 'notice') {
      if (event.level === 'warning') this.warn(`warning: ${event.text}`);
      else this.say(event.text);
    } else if (event.type === 'steering') this.say(steeringText(event));
    else if (event.phase === 'done') this.clear();
    else if (event.phase !== 'run') this.say(`${PHASE_WORDS[event.phase] ?? event.phase} ...`);
  }

  stop(): void {
    this.clear();
  }

  /** Removes the live line. */
  clear(): void {
    if (!this.#drawn) return;
    this.#console.err.write('\r\u001b[2K');
    this.#drawn = false;
  }

  #interval(event: IntervalEvent): void {
    if (this.#options.quiet) return;
    this.#window.push(event);
    if (this.#live) {
      this.#window = this.#window.slice(-WINDOW_EVENTS);
      this.#draw();
    } else if (event.endMs - this.#lastLineMs >= LINE_EVERY_MS - 500) {
      const window = joinEvents(this.#window);
      if (window !== undefined) this.#console.err.write(`${progressPieces(window).join('  ')}\n`);
      this.#window = [];
      this.#lastLineMs = event.endMs;
    }
  }

  /** Redraws the line; called once per second, with each interval event. */
  #draw(): void {
    const window = joinEvents(this.#window);
    if (window === undefined) return;
    // Leave one column free: some terminals wrap a full line.
    const width = (widthOf(this.#console.err, this.#console.environment) ?? DEFAULT_WIDTH) - 1;
    this.#console.err.write(`\r\u001b[2K${fitLine(progressPieces(window), width)}`);
    this.#drawn = true;
  }
}
