import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** PocketSphinx in a process of its own, which hears WAVs one after another. */
export class SpeechRecogniser {
  /** The recognised texts so far, in order. */
  readonly heard: string[] = [];
  readonly #process;
  /** It answers one line per request, in order. */
  readonly #waiting: ((line: string) => void)[] = [];

  /** @param hears path of a program in the Python environment with PocketSphinx */
  constructor(hears: string) {
    this.#process = spawn(join(dirname(hears), 'python3'), [join(import.meta.dirname, 'recognise.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
  }

  /** @param audioBase64 a WAV. @throws Error if it is none */
  async hear(audioBase64: string): Promise<{ readonly text: string }> {
    const line = new Promise<string>((resolve) => void this.#waiting.push(resolve));
    this.#process.stdin.write(`${audioBase64}\n`);
    const found = JSON.parse(await line) as { text?: string; error?: string };
    if (found.text === undefined) throw new Error(found.error);
    this.heard.push(found.text);
    return { ...found, text: found.text };
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
