import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

/** Uses the built package. */
const PROGRAM = join(import.meta.dirname, 'support', 'quiet-program.js');

let server: Loopback;
beforeAll(async () => {
  server = await serveHttp((request, response) => {
    if (request.url === '/hang') return;
    response.statusCode = request.url === '/500' ? 500 : 200;
    response.end('{}');
  });
});
afterAll(() => server.close());

interface Told {
  readonly end: string;
  readonly verdict: string;
  readonly requests: number;
  readonly interrupted: number;
}

async function run(what: string) {
  const child = fork(PROGRAM, [server.url, what], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let printed = '';
  child.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  let told: Told | undefined;
  let toldAt = 0;
  child.on('message', (message) => {
    told = message as Told;
    toldAt = performance.now();
  });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, printed, told, lingeredMs: performance.now() - toldAt };
}

describe('a program that uses the engine', () => {
  it.each<[what: string, told: Partial<Told>]>([
    ['closed', { end: 'completed', verdict: 'pass' }],
    ['open', { end: 'completed', verdict: 'pass', requests: 60 }],
    ['spinning pacer', { end: 'completed', verdict: 'pass', requests: 60 }],
    ['failing code', { end: 'completed', verdict: 'fail' }],
    ['hanging target', { end: 'completed', verdict: 'not-valid', requests: 0, interrupted: 3 }],
    ['code that never ends', { end: 'completed', verdict: 'not-valid', requests: 0 }],
    ['unreachable', { end: 'completed', verdict: 'fail' }],
    ['refused setup', { end: 'setup-failed', verdict: 'not-valid', requests: 0 }],
    ['a setup that awaits one of many', { end: 'setup-failed', verdict: 'not-valid', requests: 0 }],
    ['a client that nobody closes', { end: 'completed', verdict: 'pass' }],
    ['aborted before the start', { end: 'aborted', verdict: 'not-valid', requests: 0 }],
    ['aborted in setup', { end: 'aborted', verdict: 'not-valid', requests: 0 }],
    ['aborted while users log in', { end: 'aborted', verdict: 'not-valid', requests: 0 }],
    ['aborted in mid-run', { end: 'aborted', verdict: 'not-valid' }],
    ['many runs', { end: 'completed', verdict: 'pass' }],
  ])('prints nothing of its own and ends by itself: %s', async (what, expected) => {
    const { exitCode, printed, told, lingeredMs } = await run(what);
    expect(printed).toBe('');
    expect(exitCode).toBe(0);
    expect(told).toMatchObject(expected);
    // Nothing keeps the process alive: no timer, socket or worker.
    expect(lingeredMs).toBeLessThan(5000);
  });
});
