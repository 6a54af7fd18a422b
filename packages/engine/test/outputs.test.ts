import { describe, expect, it } from 'vitest';
import type { Output } from '../src/model/output.ts';
import type { RunSnapshot } from '../src/model/run-snapshot.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const SCENARIO = asking('chat', { kind: 'constant-vus', vus: 2, duration: '3s' });

/** An output that keeps the names of its calls. */
function listener(name: string, parts: Partial<Output> = {}): Output & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    name,
    required: parts.required ?? false,
    start: (run) => {
      calls.push('start');
      return parts.start?.(run);
    },
    interval: (snapshot) => {
      calls.push('interval');
      return parts.interval?.(snapshot);
    },
    event: (event) => {
      calls.push(event.type === 'phase' ? event.phase : event.type);
      return parts.event?.(event);
    },
    stop: (result, end) => {
      calls.push('stop');
      return parts.stop?.(result, end);
    },
  };
}

const load = (outputs: readonly Output[]) =>
  virtualLoad({ scenarios: [SCENARIO], outputs, timeouts: { outputMs: 500 } });

describe('an output', () => {
  it('is started, hears phases and intervals in order, and is stopped once', async () => {
    const output = listener('mine');
    await load([output]).result();
    expect(output.calls[0]).toBe('start');
    expect(output.calls.filter((call) => call === 'interval').length).toBeGreaterThanOrEqual(3);
    expect(output.calls.indexOf('run')).toBeLessThan(output.calls.indexOf('interval'));
    expect(output.calls.filter((call) => call === 'stop')).toHaveLength(1);
  });

  it('gets the service times of a delta by status, which add up to those by outcome', async () => {
    const seen: unknown[] = [];
    const output = listener('mine', {
      interval: ({ delta, total }) => {
        for (const { service, serviceByStatus } of delta.operations)
          seen.push([Object.keys(service), serviceByStatus?.ok?.['200'] === service.ok]);
        expect(total.operations.every((part) => part.serviceByStatus === undefined)).toBe(true);
      },
    });
    await load([output]).result();
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(new Set(['[["ok"],true]']));
  });

  it('gets deltas that add up to the totals and to the document', async () => {
    let [requests, last] = [0, 0];
    const count = (part: RunSnapshot['delta']): number =>
      part.operations.flatMap(({ outcomes }) => Object.values(outcomes)).reduce((sum, each) => sum + each, 0);
    const output = listener('mine', {
      interval: (snapshot) => {
        requests += count(snapshot.delta);
        last = count(snapshot.total);
        expect(requests).toBe(last);
      },
    });
    const result = await load([output]).result();
    expect(last).toBe(result.totals.requests);
  });

  it.each<[string, Partial<Output>]>([
    [
      'throws in start',
      {
        start: () => {
          throw new Error('no disk');
        },
      },
    ],
    ['rejects in start', { start: () => Promise.reject(new Error('no disk')) }],
    ['hangs in start', { start: () => new Promise(() => undefined) }],
    [
      'throws in each interval',
      {
        interval: () => {
          throw new Error('no disk');
        },
      },
    ],
    [
      'throws in a later step of each interval',
      {
        *interval() {
          yield;
          throw new Error('no disk');
        },
      },
    ],
    [
      'never ends its steps',
      {
        *interval() {
          for (;;) yield;
        },
      },
    ],
    ['rejects in each event', { event: () => Promise.reject(new Error('no disk')) as unknown as undefined }],
    [
      'rejects in each interval',
      { interval: () => Promise.reject(new Error('no disk')) as unknown as undefined },
    ],
    [
      'has an asynchronous generator',
      {
        interval: async function* () {
          yield;
        } as unknown as NonNullable<Output['interval']>,
      },
    ],
    ['rejects in stop', { stop: () => Promise.reject(new Error('no disk')) }],
    ['hangs in stop', { stop: () => new Promise(() => undefined) }],
  ])('that %s is one note of the result, and disturbs neither run nor other outputs', async (_, parts) => {
    const [broken, other] = [listener('broken', parts), listener('other')];
    const plain = await load([]).result();
    const result = await load([broken, other]).result();
    expect(result.totals).toEqual(plain.totals);
    expect(result.verdict).toEqual(plain.verdict);
    const notes = result.notes.filter(({ code }) => code === 'output-failed');
    expect(notes).toHaveLength(1);
    expect(notes[0]!.text).toMatch(/^broken: /);
    expect(other.calls.filter((call) => call === 'interval').length).toBeGreaterThanOrEqual(3);
    expect(other.calls.at(-1)).toBe('stop');
  });

  it.each<[string, Partial<Output>]>([
    [
      'throws',
      {
        start: () => {
          throw new Error('no disk');
        },
      },
    ],
    ['hangs', { start: () => new Promise(() => undefined) }],
  ])('that is required and %s in start ends the run before any request', async (_, parts) => {
    const run = load([listener('needed', { ...parts, required: true })]);
    await expect(run.result()).rejects.toMatchObject({ code: 'output-failed' });
    expect(run.target.requests).toHaveLength(0);
  });

  it('that fails only in the last event, after the document, has a note', async () => {
    const result = await load([
      listener('late', {
        event: (event) => {
          if (event.type === 'phase' && event.phase === 'done') throw new Error('disk full');
        },
        stop: () => {
          throw new Error('a second error');
        },
      }),
    ]).result();
    expect(result.notes.filter(({ code }) => code === 'output-failed').map(({ text }) => text)).toEqual([
      'late: event failed: disk full',
    ]);
  });

  it('that works in steps takes all of them, and reads the snapshot in the last one', async () => {
    const seen: number[] = [];
    const output = listener('slow', {
      *interval(snapshot) {
        yield;
        yield;
        seen.push(snapshot.total.operations[0]!.outcomes.ok);
      },
    });
    const result = await load([output]).result();
    expect(seen).toHaveLength(output.calls.filter((call) => call === 'interval').length);
    expect(seen.at(-1)).toBe(result.totals.outcomes.ok);
  });

  it('that reads a property for the first time after its interval is told so', async () => {
    const kept: RunSnapshot[] = [];
    await load([listener('late', { interval: (snapshot) => void kept.push(snapshot) })]).result();
    expect(() => kept[0]!.total).toThrow(/interval/);
  });
});
