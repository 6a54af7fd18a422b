import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runLoad, type Output, type RunInfo, type RunSnapshot } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { expect, it } from 'vitest';
import { LiveOutput } from '../src/record/live-output.ts';
import { bearer, serve } from './support/serve.ts';

const OPERATIONS = Array.from({ length: 12 }, (_, index) => `operation-${index}`);
const HOUR_SECONDS = 3600;
const RECORDED_SECONDS = 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use after a collection. */
function bytesInUse(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Some seconds of a run of twelve operations, as its outputs get them. */
async function recorded(): Promise<{ readonly info: RunInfo; readonly snapshots: readonly RunSnapshot[] }> {
  const clock = new VirtualClock();
  const snapshots: RunSnapshot[] = [];
  let info: RunInfo | undefined;
  const recorder: Output = {
    name: 'recorder',
    start: (run) => void (info = run),
    interval: (snapshot) => void snapshots.push({ ...snapshot }), // Parts are made when they are read.
  };
  const run = runLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, ({ number }) => ({
      afterMs: 20 + ((number * 7919) % 400),
      status: number % 50 === 0 ? 500 : 200,
      body: `answer ${number}`,
    })),
    seed: 1,
    outputs: [recorder],
    scenarios: [
      {
        name: 'chat',
        operations: OPERATIONS.map((name) => ({ name, method: 'GET' as const, route: `/${name}` })),
        run: async (user) => {
          for (const operation of OPERATIONS) await user.request({ operation, path: `/${operation}` });
        },
        executor: { kind: 'constant-arrival-rate', rate: 2, duration: RECORDED_SECONDS * 1000, maxVUs: 20 },
      },
    ],
    thresholds: { http_req_failed: ['rate<0.05'], http_req_duration: ['p(95)<500'] },
  });
  await clock.until(run);
  return { info: info!, snapshots };
}

it(
  'holds no more memory after an hour than after twenty minutes, with a page that listens',
  { timeout: 180_000 },
  async () => {
    const { info, snapshots } = await recorded();
    const server = await serve();
    const stop = new AbortController();
    const response = await fetch(`${server.base}/api/events`, {
      headers: bearer(server),
      signal: stop.signal,
    });
    let received = 0;
    let tail = '';
    const reading = (async () => {
      for await (const part of response.body ?? []) {
        received += (part as Uint8Array).byteLength;
        tail = `${tail}${Buffer.from(part as Uint8Array).toString()}`.slice(-1000);
      }
    })().catch(() => undefined);
    /** Until the page has everything that was sent. */
    const drained = async (minute: number): Promise<void> => {
      server.store.log('info', `minute ${minute}.`);
      await expect.poll(() => tail, { timeout: 30_000, interval: 10 }).toContain(`minute ${minute}.`);
    };

    const output = new LiveOutput(server.store);
    output.start(info);
    const bytes = new Map<number, number>();
    for (let second = 1; second <= HOUR_SECONDS; second++) {
      const snapshot = snapshots[second % RECORDED_SECONDS]!;
      const summary = { ...snapshot.summary, startMs: (second - 1) * 1000, endMs: second * 1000 };
      for (const _ of output.interval({ ...snapshot, summary })) continue;
      if (second % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (second % 300 !== 0) continue;
      await drained(second / 60);
      bytes.set(second / 60, bytesInUse());
    }
    expect(server.store.state.history.points).toHaveLength(450);
    expect(server.pages).toBe(1);
    expect(received).toBeGreaterThan(1_000_000);
    // The least of three: buffers that wait for their finalisation are no part of what the server holds.
    const least = (...minutes: number[]): number => Math.min(...minutes.map((minute) => bytes.get(minute)!));
    expect(least(50, 55, 60) / least(20, 25, 30)).toBeLessThan(1.15);
    stop.abort();
    await reading;
  },
);
