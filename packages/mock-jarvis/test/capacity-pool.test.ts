import { describe, expect, it } from 'vitest';
import { CapacityPool } from '../src/capacity/pool.ts';
import { VirtualClock } from './support/virtual-clock.ts';

/** Submits jobs at the given times; returns the time at which each was done. */
function run(
  servers: number | null,
  jobs: readonly (readonly [atMs: number, serviceMs: number])[],
  latenessMs = 0,
): number[] {
  const clock = new VirtualClock();
  const pool = new CapacityPool(clock, servers);
  clock.latenessMs = latenessMs;
  const doneAt: number[] = [];
  for (const [index, [atMs, serviceMs]] of jobs.entries()) {
    clock.advanceTo(atMs);
    pool.submit({ serviceMs, done: () => (doneAt[index] = clock.elapsedMs()) });
  }
  clock.advanceTo(1e6);
  return doneAt;
}

describe('capacity pool', () => {
  it('serves all at once without a limit', () => {
    expect(
      run(null, [
        [0, 10],
        [0, 10],
        [3, 10],
      ]),
    ).toEqual([10, 10, 13]);
  });

  it('lets the rest wait in the order of arrival', () => {
    expect(
      run(1, [
        [0, 10],
        [1, 10],
        [2, 5],
        [40, 1],
      ]),
    ).toEqual([10, 20, 25, 41]);
    expect(
      run(2, [
        [0, 10],
        [0, 20],
        [1, 5],
        [2, 5],
      ]),
    ).toEqual([10, 20, 15, 20]);
  });

  it('frees the place of a job once that is cancelled as it starts', () => {
    const clock = new VirtualClock();
    const pool = new CapacityPool(clock, 1);
    const done: string[] = [];
    pool.submit({ serviceMs: 10, started: (_, ticket) => pool.cancel(ticket), done: () => done.push('a') });
    pool.submit({ serviceMs: 20, done: () => done.push('b') });
    pool.submit({ serviceMs: 20, done: () => done.push(`c at ${clock.elapsedMs()}`) });
    clock.advanceTo(15);
    expect([done, pool.queued]).toEqual([[], 1]);
    clock.advanceTo(100);
    expect(done).toEqual(['b', 'c at 40']);
  });

  it('overloads as theory says: the k-th of L arrivals per second at mu per second waits k (1/mu - 1/L)', () => {
    const arrivals = Array.from({ length: 1000 }, (_, k) => [k, 1.25] as const);
    const doneAt = run(1, arrivals);
    for (const k of [0, 1, 499, 999]) expect(doneAt[k]! - k).toBeCloseTo(1.25 + k * 0.25, 6);
  });

  it('tells how late the timer of each end was, so that the modelled time is known', () => {
    const clock = new VirtualClock();
    const pool = new CapacityPool(clock, 1);
    clock.latenessMs = 7;
    const tookMs: number[] = [];
    const tickets = [10, 20].map((serviceMs) =>
      pool.submit({ serviceMs, done: () => tookMs.push(clock.elapsedMs()) }),
    );
    clock.advanceTo(1e6);
    expect(tickets.map(({ lateMs }, index) => tookMs[index]! - lateMs)).toEqual([10, 30]);
    expect(tickets.every(({ lateMs }) => lateMs >= 7)).toBe(true);
  });

  it('keeps its rate when timers are late', () => {
    const arrivals = Array.from({ length: 500 }, () => [0, 10] as const);
    expect(run(1, arrivals, 0.9).at(-1)).toBeCloseTo(5000.9, 6);
  });

  it('frees the server of a client that disconnected, and skips a waiting job of one', () => {
    const clock = new VirtualClock();
    const pool = new CapacityPool(clock, 1);
    const done: string[] = [];
    const job = (name: string, serviceMs: number) =>
      pool.submit({ serviceMs, done: () => done.push(`${name}@${clock.elapsedMs()}`) });
    const hung = job('hung', Number.POSITIVE_INFINITY);
    const waiting = job('waiting', 5);
    job('last', 5);
    clock.advance(100);
    expect(done).toEqual([]);
    pool.cancel(waiting);
    pool.cancel(hung);
    pool.cancel(hung);
    clock.advance(100);
    expect(done).toEqual(['last@105']);
    expect([pool.busy, pool.queued]).toEqual([0, 0]);
  });

  it('uses new servers at once, and takes none away from work under way', () => {
    const clock = new VirtualClock();
    const pool = new CapacityPool(clock, 1);
    const done: number[] = [];
    for (let index = 0; index < 4; index += 1)
      pool.submit({ serviceMs: 10, done: () => done.push(clock.elapsedMs()) });
    clock.advance(5);
    pool.resize(3);
    expect(pool.busy).toBe(3);
    pool.resize(1);
    clock.advance(100);
    expect(done).toEqual([10, 15, 15, 25]);
  });
});
