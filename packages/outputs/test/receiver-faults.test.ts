import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Exporter } from '../src/exporter.ts';
import { createExporter } from '../src/create-exporter.ts';
import { parseOutput } from '../src/spec/parse-output.ts';
import { freePort } from '../../../tools/free-port.ts';
import { madeResult, madeRun, madeSecond, madeTotals } from './support/made-run.ts';
import { outputInProcess } from './support/output-in-process.ts';
import { readOtlpCounter } from './support/read-otlp.ts';

const SECONDS = 8;
/** Before each of them the receiver is killed, or back. */
const [KILLED, BACK] = [2, 5];

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) kill(server);
});

function kill(server: Server): void {
  server.close();
  server.closeAllConnections();
}

/** A receiver that can be killed and started again on its port; `bodies` is what all of them took, in order. */
async function startReceiver(port: number, bodies: Buffer[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      if (request.url?.startsWith('/query') !== true) bodies.push(Buffer.concat(chunks));
      response.writeHead(204).end();
    });
  }).listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

function outputInTest(name: string, spec: string, tell: (text: string) => void): Promise<Exporter> {
  return createExporter(parseOutput(spec), {
    name,
    cwd: '.',
    environment: {},
    required: false,
    intervalMs: 1000,
    nativeHistograms: false,
    locustNames: false,
    tell: (_level, text) => tell(text),
  });
}

/** Plays a run whose receiver is killed in the middle of it. @returns what the receiver took, and what was told */
async function outage(kind: string, spec: (port: number) => string, comesBack: boolean) {
  const port = await freePort();
  const bodies: Buffer[] = [];
  const told: string[] = [];
  const tell = (text: string): void => void told.push(text);
  const output =
    kind === 'otlp' ? await outputInProcess(spec(port), tell) : await outputInTest(kind, spec(port), tell);
  const receiver = await startReceiver(port, bodies);
  await output.start(madeRun());
  const startWallMs = Date.now();
  for (let second = 0; second < SECONDS; second++) {
    if (second === KILLED) {
      await vi.waitUntil(() => bodies.length >= KILLED, { timeout: 10_000, interval: 5 });
      kill(receiver);
    }
    if (second === BACK) {
      await vi.waitUntil(() => told.length > 0, { timeout: 10_000, interval: 5 });
      if (comesBack) await startReceiver(port, bodies);
    }
    output.second(madeSecond(second, startWallMs, second === SECONDS - 1));
  }
  const problem = await output
    .stop(madeResult(comesBack ? 'completed' : 'aborted'))
    .then(() => undefined, String);
  return { bodies, told, problem };
}

const RECEIVERS = [
  // Zeros, seven seconds, the last one with the judgement, stale markers.
  ['prometheus-rw', (port: number) => `prometheus-rw=http://127.0.0.1:${port}/write`, SECONDS + 2],
  ['influxdb', (port: number) => `influxdb=http://127.0.0.1:${port}/k6`, SECONDS + 2],
  // Zeros, seven seconds, the last one with the judgement.
  ['otlp', (port: number) => `otlp=http://127.0.0.1:${port}`, SECONDS + 1],
] as const;

describe('a receiver that is killed during the run', () => {
  it.each(RECEIVERS)(
    '%s gets what was kept once it is back, all of it and in order',
    async (kind, spec, count) => {
      const { bodies, told, problem } = await outage(kind, spec, true);
      expect(problem).toBeUndefined();
      expect(told).toEqual([
        expect.stringMatching(/: (ECONNREFUSED|ECONNRESET|.*closed.*); the run goes on$/),
      ]);
      expect(new Set(bodies.map((body) => body.toString('base64'))).size).toBe(bodies.length);
      if (kind !== 'influxdb') expect(bodies).toHaveLength(count);
      if (kind === 'otlp') {
        const counts = bodies.map((body) => readOtlpCounter(body, 'jarvis_load.requests'));
        const times = counts.map(({ time }) => time);
        expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
        expect(counts.map(({ value }) => value)).toEqual(
          [0, 1, 2, 3, 4, 5, 6, 7, 8].map((seconds) => madeTotals(seconds).requests),
        );
      }
      if (kind !== 'influxdb') return;
      // What waited comes in fewer requests.
      const lines = bodies.flatMap((body) => body.toString().split('\n'));
      const times = lines
        .filter((line) => line.startsWith('jarvis_load_generator'))
        .map((line) => Number(line.split(' ').at(-1)));
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      expect(times).toHaveLength(SECONDS);
    },
  );

  it('and stays away loses what it did not take, counted and with the reason', async () => {
    const [kind, spec] = RECEIVERS[1];
    const { bodies, problem } = await outage(kind, spec, false);
    const taken = new Set(bodies.map((body) => body.toString()));
    const points = [...taken].reduce((sum, body) => sum + body.split('\n').length, 0);
    const [, lost, all] = /(\d+) of (\d+) points lost, ECONNREFUSED$/.exec(problem ?? '') ?? [];
    expect(Number(lost)).toBeGreaterThan(0);
    // What was taken, but not answered any more, counts as lost.
    expect(points).toBeGreaterThanOrEqual(Number(all) - Number(lost));
    expect(Number(all)).toBeGreaterThan(Number(lost));
  });
});
