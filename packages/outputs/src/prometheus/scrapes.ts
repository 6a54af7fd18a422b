/*
 * Who scrapes a page, and how long the next scrapes may take: `Scrapes`. Must hold: `add` is called when an answer was handed over,
 * and `wait` at most once, after the last change of the page.
 */

/** The parts of the process that tests replace. */
export interface ScrapeClock {
  now(): number;
  /** @returns cancels it */
  after(ms: number, act: () => void): () => void;
}

const systemClock: ScrapeClock = {
  now: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** Prometheus' default, which is taken for a scraper that came once, and the longest that is waited for. */
const LONGEST_INTERVAL_MS = 60_000;
/** For the first scrape of all, and where somebody has looked once: with the interval that Prometheus' own examples have. */
const FIRST_SCRAPE_MS = 16_000;
/** A scrape may come so much later than the interval before it. */
const LATE_FACTOR = 1.2;
const LATE_MS = 1000;
/** A scraper that has been silent for so many intervals is gone. */
const GONE_FACTOR = 2.5;

/** Further ones are not waited for, and get no page of their own. */
export const MOST_SCRAPERS = 20;

/** A person, or a system that does not say what it is. */
const SOMEBODY = Symbol('somebody');

interface Scraper {
  readonly lastMs: number;
  /** Between its last three scrapes, at most: one that came twice at once, or is two, is expected by the longer one. */
  readonly gapsMs: readonly number[];
}

/** Scrapers that did not come, of those that were waited for. */
export interface Missed {
  readonly missed: number;
  readonly of: number;
}

/**
 * Watches scrapes, so that the end of a run can wait for the next one of each scraper. Once a monitoring system is known to scrape, a
 * person who looks at the page is none; until then any GET is, as not every system says what it is.
 */
export class Scrapes {
  readonly #clock: ScrapeClock;
  readonly #scrapers = new Map<string | symbol, Scraper>();
  #onScrape: (key: string | symbol) => void = () => undefined;
  #endWait: () => void = () => undefined;
  #hurried = false;

  constructor(clock = systemClock) {
    this.#clock = clock;
  }

  /** Whether the page was ever read. */
  get seen(): boolean {
    return this.#scrapers.size > 0;
  }

  /** @param scraper a monitoring system, by what tells it from others; undefined: somebody looks */
  readonly add = (scraper: string | undefined): void => {
    const isMonitored = this.seen && !this.#scrapers.has(SOMEBODY);
    if (scraper === undefined && isMonitored) return;
    if (scraper !== undefined) this.#scrapers.delete(SOMEBODY);
    const key = scraper ?? SOMEBODY;
    const lastMs = this.#clock.now();
    const before = this.#scrapers.get(key);
    if (before === undefined && this.#scrapers.size >= MOST_SCRAPERS) return;
    const gapsMs = before === undefined ? [] : [...before.gapsMs, lastMs - before.lastMs].slice(-2);
    this.#scrapers.set(key, { lastMs, gapsMs });
    this.#onScrape(key);
  };

  /** How long the next scrapes may take. */
  get patienceMs(): number {
    // A single look of somebody does not say that more are to come.
    if (!this.seen || this.#scrapers.get(SOMEBODY)?.gapsMs.length === 0) return FIRST_SCRAPE_MS;
    const now = this.#clock.now();
    const dues = this.#alive().map(({ lastMs, gapsMs }) => {
      const interval = Math.min(intervalOf(gapsMs), LONGEST_INTERVAL_MS);
      return lastMs + interval * LATE_FACTOR + LATE_MS - now;
    });
    return Math.max(LATE_MS, ...dues);
  }

  /** Waits until each scraper that is not gone has come once more; without any, for the first one. */
  wait(withinMs: number): Promise<Missed> {
    const missing = new Set(this.#alive().map(({ key }) => key));
    const of = Math.max(1, missing.size);
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#onScrape = () => undefined;
        resolve({ missed: isNone ? 1 : missing.size, of });
      };
      let isNone = missing.size === 0;
      const cancel = this.#clock.after(this.#hurried ? Math.min(withinMs, LATE_MS) : withinMs, end);
      this.#endWait = end;
      this.#onScrape = (key) => {
        isNone = false;
        missing.delete(key);
        // Now it is known who reads the page.
        if (key !== SOMEBODY) missing.delete(SOMEBODY);
        if (missing.size === 0) end();
      };
    });
  }

  /** Ends {@link wait}; one that begins later takes a second at most. */
  hurry(): void {
    this.#hurried = true;
    this.#endWait();
  }

  #alive(): readonly (Scraper & { readonly key: string | symbol })[] {
    const now = this.#clock.now();
    return [...this.#scrapers]
      .filter(([, { lastMs, gapsMs }]) => now - lastMs <= intervalOf(gapsMs) * GONE_FACTOR + LATE_MS)
      .map(([key, scraper]) => ({ key, ...scraper }));
  }
}

/** The longest of these gaps. */
function intervalOf(gapsMs: readonly number[]): number {
  return gapsMs.length === 0 ? LONGEST_INTERVAL_MS : Math.max(...gapsMs);
}
