import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

/** Runs the built package in a separate process, because vitest has its own listeners for unhandled errors. */
const PROGRAM = join(import.meta.dirname, 'support', 'unhandled-program.js');

let server: Loopback;
beforeAll(async () => {
  server = await serveHttp(({ headers }, response) =>
    response.end(JSON.stringify({ repeated: headers.authorization })),
  );
});
afterAll(() => server.close());

interface Told extends Pick<RunResult, 'verdict' | 'exceptions'> {
  readonly end: RunResult['run']['end'];
  readonly requests: number;
}

async function run(what: string, threads: number) {
  const child = fork(PROGRAM, [server.url, what, String(threads)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const [told, after] = messages as [Told | undefined, { listeners: number } | undefined];
  return { exitCode, told, after };
}

/** On a busy machine the reasons contain another sentence. */
function containing(reason: Record<string, unknown>): unknown {
  return expect.arrayContaining([expect.objectContaining(reason)]);
}

describe('an error that no code handles', () => {
  it.each([
    ['rejection', 1, 'Unhandled rejection: Error: nobody awaits this'],
    ['rejection', 2, 'Unhandled rejection: Error: nobody awaits this'],
    ['rejection of no error', 1, 'Unhandled rejection: a text'],
    ['rejection of a bare object', 1, 'Unhandled rejection: {"why":"groups"}'],
  ])(
    'that rejects leaves the run going and is an exception of its scenario: %s, %i threads',
    async (what, threads, message) => {
      const { exitCode, told, after } = await run(what, threads);
      expect(exitCode).toBe(0);
      expect(told).toMatchObject({
        end: { kind: 'completed' },
        verdict: { status: 'fail', reasons: containing({ code: 'exceptions' }) },
        exceptions: [{ scenario: 'chat', message, count: 2 }],
      });
      expect(told!.requests).toBeGreaterThan(10);
      // The command line asks whether a run has them.
      expect(after).toEqual({ listeners: 0, recorded: [true, false, false] });
    },
  );

  it('belongs to no scenario where there are several, and the verdict says so', async () => {
    const { told } = await run('two', 1);
    expect(told).toMatchObject({
      end: { kind: 'completed' },
      verdict: {
        status: 'fail',
        reasons: containing({
          code: 'unhandled-errors',
          text: expect.stringMatching(/^2 unhandled errors/) as string,
        }),
      },
      exceptions: [{ scenario: '*', count: 2 }],
    });
  });

  it('that is thrown by a timer ends the run with a document', async () => {
    const { exitCode, told } = await run('exception', 1);
    expect(exitCode).toBe(0);
    expect(told).toMatchObject({
      end: { kind: 'error', reason: 'Error: thrown in a timer' },
      verdict: { status: 'not-valid' },
    });
    expect(told!.exceptions[0]!.message).toBe('Uncaught exception: Error: thrown in a timer');
    expect(told!.requests).toBeGreaterThan(0);
  });

  it.each([1, 2])('that repeats a secret is redacted, %i threads', async (threads) => {
    const { told } = await run('exception with a secret', threads);
    expect(told!.end.kind).toBe('error');
    expect(told!.end.reason).toMatch(/^(thread [12] died: )?Error: \{"repeated":/);
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});
