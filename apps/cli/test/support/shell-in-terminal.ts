import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import xterm from '@xterm/headless';

/** What `sh` prints when it waits for a command: `$` or `#`, with its name and version where it is bash. */
const PROMPT = /^(sh-[\d.]+)?[#$]$/;
/** A run starts beside busy processes. */
const LONG_MS = 45_000;

/** Keys as a terminal sends them. */
export const KEYS = { enter: '\r', ctrlC: '\u0003', ctrlZ: '\u001a' } as const;

/**
 * An interactive shell in a real pseudo-terminal, and the terminal that a person would look at. The shell is `sh`: unlike
 * bash it does not repair the modes of the terminal after a program that leaves them changed.
 */
export class ShellInTerminal {
  readonly terminal: xterm.Terminal;
  /** Whether the cursor is to be seen. */
  isCursorShown = true;
  readonly #process;
  readonly #ended: Promise<unknown>;

  constructor(columns: number, rows: number, directory: string, environment: NodeJS.ProcessEnv) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    for (const final of ['h', 'l'])
      this.terminal.parser.registerCsiHandler({ prefix: '?', final }, (modes) => {
        if (modes.includes(25)) this.isCursorShown = final === 'h';
        return false; // The terminal handles it too.
      });
    this.#process = spawn(
      'python3',
      [join(import.meta.dirname, 'in_terminal.py'), String(columns), String(rows), '/bin/sh', '-i'],
      {
        cwd: directory,
        env: { ...environment, TERM: 'xterm-256color', ENV: '' },
        stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
      },
    );
    this.#ended = once(this.#process, 'close');
    const { stdin, stdout } = this.#process;
    stdin?.on('error', () => undefined); // The shell may end while keys are sent.
    stdout?.on('data', (data: Buffer) => this.terminal.write(data));
    this.terminal.onData((answer) => this.type(answer));
  }

  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  /** As a person who drags the corner of the window. */
  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    (this.#process.stdio[3] as Writable).write(`${columns} ${rows}\n`);
  }

  /** Whether a program has the second screen of the terminal. */
  get isOnSecondScreen(): boolean {
    return this.terminal.buffer.active.type === 'alternate';
  }

  /** What stands in the terminal, with what has scrolled out of sight; without the empty lines at the end. */
  get text(): string {
    const { active } = this.terminal.buffer;
    const lines: string[] = [];
    // After a resize a line still has the cells that are out of sight.
    for (let index = 0; index < active.length; index++) {
      const line = active.getLine(index);
      const text = line?.translateToString(true, 0, this.terminal.cols) ?? '';
      if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${text}`);
      else lines.push(text);
    }
    return lines.join('\n').trimEnd();
  }

  /** Whether the shell waits for a command. */
  get isWaiting(): boolean {
    return !this.isOnSecondScreen && PROMPT.test(this.text.slice(this.text.lastIndexOf('\n') + 1));
  }

  /** Waits until the terminal shows what is wanted. @throws Error with what it shows instead */
  async shows(what: string, isThere: () => boolean): Promise<void> {
    const until = performance.now() + LONG_MS;
    while (!isThere()) {
      if (performance.now() > until) throw new Error(`no ${what}; the terminal shows:\n${this.text}`);
      await sleep(20);
    }
  }

  /**
   * Types a command and waits for the next prompt.
   * @returns what it printed; the command itself is part of it only where the terminal echoes what is typed
   */
  async command(line: string): Promise<string> {
    const before = this.text.length;
    this.type(`${line}${KEYS.enter}`);
    await this.shows(`prompt after ${line}`, () => this.text.length > before && this.isWaiting);
    return this.text.slice(before);
  }

  /** Closes the terminal: programs in it are hung up. */
  async close(): Promise<void> {
    this.#process.stdin?.end();
    await this.#ended;
    this.terminal.dispose();
  }
}
