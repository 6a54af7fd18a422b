import type { ReadStream } from 'node:tty';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

/** What the keyboard does with the screen. */
export interface KeyListener {
  readonly onKey: (key: string) => void;
  /** The terminal belongs to the shell from now on: after Ctrl-Z, and at the end of the process. */
  readonly release: () => void;
  /** The terminal is ours again: after `fg`. */
  readonly regain: () => void;
}

/** Keys of a terminal, one at a time and without echo. */
export interface Keyboard {
  /** Whether keys can arrive. */
  readonly isThere: boolean;
  /** @returns gives the terminal back */
  open(listener: KeyListener): () => void;
}

/**
 * The keyboard of this process.
 *
 * @param stdin asked for only when it is needed: Node opens the stream then
 * @param onInterrupt for Ctrl-C
 */
export function processKeyboard(stdin: () => ReadStream, onInterrupt: () => void): Keyboard {
  return {
    get isThere() {
      return stdin().isTTY;
    },
    open({ onKey, release, regain }) {
      const input = stdin();
      const setRaw = (isRaw: boolean): void => {
        if (!input.isTTY) return;
        input.setRawMode(isRaw);
        if (isRaw) input.resume();
        else input.pause();
      };
      const onData = (data: Buffer): void => {
        for (const key of data.toString('latin1')) {
          // In raw mode the terminal makes no signals of keys.
          if (key === CTRL_C) onInterrupt();
          // To the whole group, as the terminal does: npx and Nx stop, too, and the shell sees it.
          else if (key === CTRL_Z) process.kill(0, 'SIGTSTP');
          else onKey(key);
        }
      };
      const onStop = (): void => {
        setRaw(false);
        release();
        process.kill(process.pid, 'SIGSTOP');
      };
      const onContinue = (): void => {
        setRaw(true);
        regain();
      };
      const onExit = (): void => {
        setRaw(false);
        release();
      };
      setRaw(true);
      if (input.isTTY) input.on('data', onData);
      process.on('SIGTSTP', onStop);
      process.on('SIGCONT', onContinue);
      process.on('exit', onExit);
      return () => {
        input.off('data', onData);
        process.off('SIGTSTP', onStop);
        process.off('SIGCONT', onContinue);
        process.off('exit', onExit);
        setRaw(false);
      };
    },
  };
}
