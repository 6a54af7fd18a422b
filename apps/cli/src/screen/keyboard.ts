import type { ReadStream } from 'node:tty';
import { isInForeground } from './foreground.ts';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';
/** Some shells send no signal for `fg` of a job that runs in the background. */
const LOOK_MS = 500;

/** What the keyboard does with the screen. */
export interface KeyListener {
  readonly onKey: (key: string) => void;
  /** The terminal belongs to the shell from now on: after Ctrl-Z, and at the end of the process. */
  readonly release: () => void;
  /** The terminal is ours: from the start, unless it is one in the background, and after `fg`. */
  readonly regain: () => void;
}

/** Keys of a terminal, one at a time and without echo. */
export interface Keyboard {
  /** Whether keys can arrive. */
  readonly isThere: boolean;
  /**
   * @returns gives the terminal back, without a call of `release`; the caller calls it when the run is over, at the end of the process it
   *   happens anyway
   */
  open(listener: KeyListener): () => void;
}

/**
 * The keyboard of this process. In the background (`&`, or `bg` after Ctrl-Z) it leaves the terminal alone.
 *
 * @param stdin asked for only when it is needed: Node opens the stream then
 * @param onInterrupt for Ctrl-C
 * @param isForeground whether the terminal is ours
 */
export function processKeyboard(
  stdin: () => ReadStream,
  onInterrupt: () => void,
  isForeground: () => boolean | Promise<boolean> = isInForeground,
): Keyboard {
  return {
    get isThere() {
      return stdin().isTTY;
    },
    open: (listener) => new OpenKeyboard(stdin(), listener, onInterrupt, isForeground).close,
  };
}

class OpenKeyboard {
  readonly #input: ReadStream;
  readonly #listener: KeyListener;
  readonly #isForeground: () => boolean | Promise<boolean>;
  readonly #onData: (data: Buffer) => void;
  #isOurs = false;
  #isClosed = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(
    input: ReadStream,
    listener: KeyListener,
    onInterrupt: () => void,
    isForeground: () => boolean | Promise<boolean>,
  ) {
    this.#input = input;
    this.#listener = listener;
    this.#isForeground = isForeground;
    this.#onData = (data) => {
      for (const key of data.toString('latin1')) {
        // In raw mode the terminal makes no signals of keys.
        if (key === CTRL_C) onInterrupt();
        // To the whole group, as the terminal does: npx and Nx stop, too, and the shell sees it.
        else if (key === CTRL_Z) process.kill(0, 'SIGTSTP');
        else listener.onKey(key);
      }
    };
    if (input.isTTY) {
      // A listener alone would start to read.
      input.pause();
      input.on('data', this.#onData);
    }
    process.on('SIGTSTP', this.#onStop);
    process.on('SIGCONT', this.#look);
    process.on('exit', this.#give);
    this.#look();
  }

  /** Gives the terminal back for good. */
  readonly close = (): void => {
    this.#isClosed = true;
    clearInterval(this.#watch);
    this.#input.off('data', this.#onData);
    process.off('SIGTSTP', this.#onStop);
    process.off('SIGCONT', this.#look);
    process.off('exit', this.#give);
    if (this.#isOurs) this.#setRaw(false);
  };

  readonly #onStop = (): void => {
    this.#give();
    process.kill(process.pid, 'SIGSTOP');
  };

  /** Looks whose the terminal is. */
  readonly #look = (): void => {
    const answer = this.#isForeground();
    if (typeof answer === 'boolean') this.#settle(answer);
    else void answer.then((isOurs) => this.#settle(isOurs));
  };

  #settle(isOurs: boolean): void {
    if (this.#isClosed) return;
    if (isOurs) this.#take();
    else this.#watch ??= setInterval(this.#look, LOOK_MS).unref();
  }

  #take(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#isOurs = true;
    this.#setRaw(true);
    // Only jobs in the foreground get this signal when the size changes; Node reads the size when it comes.
    process.emit('SIGWINCH', 'SIGWINCH');
    this.#listener.regain();
  }

  readonly #give = (): void => {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    this.#setRaw(false);
    this.#listener.release();
  };

  #setRaw(isRaw: boolean): void {
    if (!this.#input.isTTY) return;
    this.#input.setRawMode(isRaw);
    if (isRaw) this.#input.resume();
    else this.#input.pause();
  }
}
