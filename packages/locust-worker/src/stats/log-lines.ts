/** As Locust keeps of a worker. */
const MOST_LINES = 500;
const LONGEST_LINE = 1000;

export type LogLevel = 'info' | 'warning' | 'error';

/** The latest lines of this worker's log, as the master's page shows them. Whoever adds a text has redacted it. */
export class LogLines {
  readonly #host: string;
  readonly #lines: string[] = [];
  #isNew = false;

  constructor(host: string) {
    this.#host = host;
  }

  /** @param wallMs milliseconds since the epoch */
  add(level: LogLevel, text: string, wallMs: number): void {
    // Locust's format; its page colours a line by the level between the slashes.
    const time = new Date(wallMs).toISOString().replace('T', ' ').replace('.', ',').slice(0, -1);
    const line = text.replaceAll(/\s*[\r\n]+\s*/g, ' ').slice(0, LONGEST_LINE);
    this.#lines.push(`[${time}] ${this.#host}/${level.toUpperCase()}/jarvis-load: ${line}`);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
    this.#isNew = true;
  }

  /** All lines, if there are new ones since the last call. */
  take(): readonly string[] | undefined {
    if (!this.#isNew) return undefined;
    this.#isNew = false;
    return [...this.#lines];
  }
}
