import type { Exporter } from '../exporter.ts';
import type { Family, Series } from '../metrics/family.ts';
import { RunMetrics } from '../metrics/run-metrics.ts';
import type { ExporterContext } from '../output-context.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import { ScrapeServer, type Page } from './scrape-server.ts';
import { MOST_SCRAPERS, Scrapes } from './scrapes.ts';
import { writeText, type Beginnings, type TextFormat } from './text-format.ts';

/*
 * The scrape page of a run. Must hold:
 * - Each change of the metrics empties `families` and `rendered`.
 * - `start` rejects only if the address cannot be listened on: without a scraper, `required` changes nothing.
 * - `stop` waits for one more scrape, at most 73 s: less than the time for outputs of the command line (`outputs-of-run.ts`),
 *   more than the default of the engine. It closes the server on every path. Where the process makes several runs it waits for
 *   nothing, and the page `serves` the last values.
 */

/** After a signal, the process has to end within seconds. */
const WAIT_AFTER_SIGNAL_MS = 1000;

/**
 * `prometheus`: a page that Prometheus scrapes. Each scraper reads every counter and histogram as 0 first, however late in the run it
 * comes or the series begins, so that `increase()` and `rate()` count from zero; not one that does not send Prometheus' header, nor
 * one beyond `MOST_SCRAPERS`. The last values stay for one scrape of each after the end.
 */
export function prometheusOutput(host: string, port: number, context: ExporterContext): Exporter {
  const { name, intervalMs, locustNames, manyRuns = false, tell } = context;
  const scrapes = new Scrapes();
  const beginnings: Beginnings = new Map();
  let metrics: RunMetrics | undefined;
  let families: readonly Family[] | undefined;
  /** Rendered since the last interval: many scrapers cost no more than one. */
  let rendered = new Map<TextFormat, string>();
  /** Counters and histograms that a scraper has read, until the run has ended. */
  let read: Map<string, Set<Series>> | undefined = new Map();

  const changed = (): void => {
    families = undefined;
    rendered = new Map();
  };
  const collected = (): readonly Family[] => (families ??= metrics?.collect() ?? []);
  const page = (format: TextFormat): string => {
    let text = rendered.get(format);
    if (text === undefined) rendered.set(format, (text = writeText(collected(), format, beginnings)));
    return text;
  };
  /** Zeros count as read once they were sent: one that was cut off has to give them again. */
  const pageFor = (format: TextFormat, scraper: string | undefined): Page => {
    const plain = (): Page => ({ text: page(format), sent: () => scrapes.add(scraper) });
    if (scraper === undefined || read === undefined) return plain();
    let known = read.get(scraper);
    if (known === undefined && read.size >= MOST_SCRAPERS) return plain();
    if (known === undefined) read.set(scraper, (known = new Set()));
    const own = known;
    const growing = collected().filter(({ type }) => type === 'counter' || type === 'histogram');
    const begun = new Set(
      growing.flatMap(({ series }) => series.filter((one) => one.present && !own.has(one))),
    );
    if (begun.size === 0) return plain();
    const sent = (): void => {
      for (const series of begun) own.add(series);
      scrapes.add(scraper);
    };
    return { text: writeText(collected(), format, beginnings, begun), sent };
  };
  const server = new ScrapeServer(pageFor);
  return {
    serves: manyRuns,
    async start(run) {
      const trial = new RunMetrics(run, intervalMs, locustNames);
      const trialBeginnings: Beginnings = new Map();
      rehearse(run, (second) => {
        trial.add(second);
        writeText(trial.collect(), 'openmetrics', trialBeginnings);
      });
      metrics = new RunMetrics(run, intervalMs, locustNames);
      const address = await server.listen(host, port);
      // Nobody could know a port that the system chose.
      if (port === 0)
        tell('info', `${name}: http://${host.includes(':') ? `[${host}]` : host}:${address.port}/metrics`);
    },
    second(second) {
      metrics?.add(second);
      changed();
    },
    hurry: () => scrapes.hurry(),
    async stop(result) {
      if (manyRuns) {
        if (result !== undefined) metrics?.end(result);
        read = undefined;
        changed();
        return;
      }
      try {
        if (result === undefined || metrics === undefined) return;
        metrics.end(result);
        read = undefined;
        changed();
        const aborted = result.run.end.kind === 'aborted';
        const withinMs = aborted ? WAIT_AFTER_SIGNAL_MS : scrapes.patienceMs;
        if (!aborted)
          tell('info', `${name}: the last values wait for a scrape, at most ${Math.ceil(withinMs / 1000)} s`);
        const { missed, of } = await scrapes.wait(withinMs);
        if (missed === 0) return;
        if (!scrapes.seen) throw new Error('nobody scraped it');
        throw new Error(
          missed === of
            ? 'no scrape read the last values'
            : `${missed} of ${of} scrapers did not read the last values`,
        );
      } finally {
        await server.close();
      }
    },
  };
}
