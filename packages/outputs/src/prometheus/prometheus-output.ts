import type { Exporter } from '../exporter.ts';
import { RunMetrics } from '../metrics/run-metrics.ts';
import type { OutputContext } from '../output-context.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import { ScrapeServer } from './scrape-server.ts';
import { writeText, type Beginnings, type TextFormat } from './text-format.ts';

/*
 * The scrape page of a run. Must hold:
 * - The values of the start are written before the first `add`, for the first scrape; each change of the metrics empties
 *   `rendered`.
 * - `start` rejects only if the address cannot be listened on: without a scraper, `required` changes nothing.
 * - `stop` waits for one more scrape, at most 16 s: less than the time for outputs of the command line (`outputs-of-run.ts`),
 *   more than the default of the engine. It closes the server on every path.
 */

/** How long the last values wait for a scrape if there has been none: Prometheus' usual interval is 15 s. */
const LONGEST_WAIT_MS = 16_000;
/** After a signal, the process has to end within seconds. */
const WAIT_AFTER_SIGNAL_MS = 1000;

/**
 * Watches scrapes, so that the end of a run can wait for the next one. Once a monitoring system is known to scrape, a person who
 * looks at the page is none; until then any GET is, as not every system says what it is.
 */
class Scrapes {
  #monitored = false;
  #last: number | undefined;
  #gapMs: number | undefined;
  #waiting: (() => void) | undefined;

  get seen(): boolean {
    return this.#last !== undefined;
  }

  readonly add = (stored: boolean): void => {
    this.#monitored ||= stored;
    if (this.#monitored && !stored) return;
    const now = performance.now();
    if (this.#last !== undefined) this.#gapMs = now - this.#last;
    this.#last = now;
    this.#waiting?.();
  };

  /** How long the next one may take. */
  get patienceMs(): number {
    return Math.min(LONGEST_WAIT_MS, this.#gapMs === undefined ? LONGEST_WAIT_MS : this.#gapMs * 1.5 + 1000);
  }

  /** Whether there was one within this time. */
  next(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs);
      this.#waiting = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

/**
 * `prometheus`: a page that Prometheus scrapes. Its first scrape reads the values of the start, whenever it comes, so that
 * `increase()` and `rate()` count from zero. The last values stay for one scrape after the end.
 */
export function prometheusOutput(host: string, port: number, context: OutputContext): Exporter {
  const { name, intervalMs, locustNames, tell } = context;
  const scrapes = new Scrapes();
  const beginnings: Beginnings = new Map();
  let metrics: RunMetrics | undefined;
  /** Rendered since the last interval: many scrapers cost no more than one. */
  let rendered = new Map<TextFormat, string>();
  /** The values of the start, until a scrape has read them or the run has ended. */
  let start: Readonly<Record<TextFormat, string>> | undefined;
  const render = (format: TextFormat, stored: boolean): string => {
    if (stored && start !== undefined) {
      const text = start[format];
      start = undefined;
      return text;
    }
    let text = rendered.get(format);
    if (text === undefined) {
      text = writeText(metrics?.collect() ?? [], format, beginnings);
      rendered.set(format, text);
    }
    return text;
  };
  const server = new ScrapeServer(render, scrapes.add);
  return {
    async start(run) {
      const trial = new RunMetrics(run, intervalMs, locustNames);
      const trialBeginnings: Beginnings = new Map();
      rehearse(run, (second) => {
        trial.add(second);
        writeText(trial.collect(), 'openmetrics', trialBeginnings);
      });
      metrics = new RunMetrics(run, intervalMs, locustNames);
      const values = metrics.collect();
      start = {
        text: writeText(values, 'text', beginnings),
        openmetrics: writeText(values, 'openmetrics', beginnings),
      };
      await server.listen(host, port);
    },
    second(second) {
      metrics?.add(second);
      rendered = new Map();
    },
    async stop(result) {
      try {
        if (result === undefined || metrics === undefined) return;
        metrics.end(result);
        rendered = new Map();
        start = undefined;
        const aborted = result.run.end.kind === 'aborted';
        const withinMs = aborted ? WAIT_AFTER_SIGNAL_MS : scrapes.patienceMs;
        if (!aborted)
          tell('info', `${name}: the last values wait for a scrape, at most ${Math.ceil(withinMs / 1000)} s`);
        if (await scrapes.next(withinMs)) return;
        throw new Error(scrapes.seen ? 'no scrape read the last values' : 'nobody scraped it');
      } finally {
        await server.close();
      }
    },
  };
}
