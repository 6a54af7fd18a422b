import type { TextStream } from '../output/console.ts';

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
/** Synchronised update (mode 2026): a terminal that knows it shows the frame at once, others ignore it. */
const BEGIN = '\u001b[?2026h\u001b[H';
const END = '\u001b[J\u001b[?2026l';
const REST_OF_LINE = '\u001b[K';

/**
 * The second screen of a terminal: what stood in the first one is there again after `leave`. No line wraps in it.
 *
 * Must hold:
 * - The caller of `draw` gives at most as many lines as the screen has rows, or the first ones would be scrolled away; each of at most
 *   its columns - 1 characters, or the last column would be erased; and without control characters of a target.
 * - The caller leaves it on every path, also when the process ends or is stopped (`KeyListener.release`).
 */
export class AlternateScreen {
  readonly #stream: TextStream;
  #isOpen = false;

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  enter(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#stream.write(ENTER);
  }

  leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stream.write(LEAVE);
  }

  /** Replaces the screen in one write: lines are overwritten, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    this.#stream.write(`${BEGIN}${lines.map((line) => `${line}${REST_OF_LINE}`).join('\r\n')}${END}`);
  }
}
