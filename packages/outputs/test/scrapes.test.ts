import { describe, expect, it } from 'vitest';
import { Scrapes } from '../src/prometheus/scrapes.ts';

/** A clock that stands still until {@link pass}. */
class Hands {
  #now = 0;
  readonly #timers = new Map<() => void, number>();
  readonly now = (): number => this.#now;
  readonly after = (ms: number, act: () => void): (() => void) => {
    this.#timers.set(act, this.#now + ms);
    return () => void this.#timers.delete(act);
  };

  pass(seconds: number): void {
    this.#now += seconds * 1000;
    for (const [act, at] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(act);
      act();
    }
  }
}

/** Scrapes at these seconds. */
function scraped(at: readonly (readonly [second: number, scraper: string | undefined])[]) {
  const clock = new Hands();
  const scrapes = new Scrapes(clock);
  let now = 0;
  for (const [second, scraper] of at) {
    clock.pass(second - now);
    now = second;
    scrapes.add(scraper);
  }
  return { clock, scrapes };
}

describe('the last values', () => {
  it.each([
    ['nobody has scraped', [], 16],
    ['somebody looked once, who may be no scraper', [[0, undefined]], 16],
    ['one came once: its interval may be that of Prometheus', [[0, 'a']], 73],
    [
      'one comes every minute',
      [
        [0, 'a'],
        [60, 'a'],
      ],
      73,
    ],
    [
      'one comes every 5 s',
      [
        [0, 'a'],
        [5, 'a'],
      ],
      7,
    ],
    [
      'the slower one of two decides',
      [
        [0, 'a'],
        [25, 'b'],
        [30, 'a'],
        [30, 'b'],
      ],
      37,
    ],
    [
      'one that came twice in a second keeps the interval before',
      [
        [0, 'a'],
        [15, 'a'],
        [16, 'a'],
      ],
      19,
    ],
    [
      'one that has stopped does not',
      [
        [0, 'a'],
        [5, 'a'],
        [50, 'b'],
        [51, 'b'],
      ],
      2.2,
    ],
  ] as const)('wait as long as the next scrape may take: %s', (_, at, seconds) => {
    expect(scraped(at).scrapes.patienceMs).toBeCloseTo(seconds * 1000, 6);
  });

  it('wait for each scraper, not for a person', async () => {
    const { clock, scrapes } = scraped([
      [0, 'a'],
      [1, 'b'],
    ]);
    let missed: unknown;
    const waited = scrapes.wait(10_000).then((value) => (missed = value));
    scrapes.add('a');
    scrapes.add(undefined);
    clock.pass(9);
    await Promise.resolve();
    expect(missed).toBeUndefined();
    scrapes.add('b');
    expect(await waited).toEqual({ missed: 0, of: 2 });
  });

  it('name who did not come in time', async () => {
    const { clock, scrapes } = scraped([
      [0, 'a'],
      [1, 'b'],
    ]);
    const waited = scrapes.wait(10_000);
    scrapes.add('b');
    clock.pass(10);
    expect(await waited).toEqual({ missed: 1, of: 2 });
  });

  it('have been read if Prometheus comes where only a person had looked', async () => {
    const { scrapes } = scraped([[0, undefined]]);
    const waited = scrapes.wait(10_000);
    scrapes.add('a');
    expect(await waited).toEqual({ missed: 0, of: 1 });
  });

  it.each([false, true])('do not wait once the process has to end; that came later: %s', async (isLater) => {
    const { clock, scrapes } = scraped([[0, 'a']]);
    if (!isLater) scrapes.hurry();
    const waited = scrapes.wait(73_000);
    if (isLater) scrapes.hurry();
    clock.pass(1);
    expect(await waited).toEqual({ missed: 1, of: 1 });
  });
});
