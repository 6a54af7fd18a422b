import { describe, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import type { RunResult } from '../src/document/schema.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import type { Operation, ScenarioDefinition } from '../src/model/scenario.ts';
import * as format from '../src/replay/index.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';
import { WrittenRecord } from './fixtures/written-record.ts';

const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;
const MANY: ExecutorOptions = { kind: 'per-vu-iterations', vus: 4, iterations: 250 };
const ONCE: ExecutorOptions = { kind: 'per-vu-iterations', vus: 1, iterations: 1 };

interface Traced {
  readonly result: RunResult;
  readonly requests: readonly ScriptedRequest[];
}

async function load(
  options: Omit<Partial<RunOptions>, 'scenarios'>,
  answer: (request: ScriptedRequest) => ScriptedAnswer = ({ number }) => ({ afterMs: number % 100 }),
  scenario: ScenarioDefinition = asking('chat', MANY),
): Promise<Traced> {
  const run = virtualLoad({ scenarios: [scenario], circuitBreaker: false, ...options }, answer);
  const result = await run.result();
  return { result, requests: run.target.requests };
}

const idOf = ({ headers }: ScriptedRequest): string | undefined =>
  TRACE_PARENT.exec(headers['traceparent'] ?? '')?.[1];

describe('trace', () => {
  it('sends a traceparent of its own with every request', async () => {
    const { result, requests } = await load({ trace: 1 });
    const fields = requests.map(({ headers }) => TRACE_PARENT.exec(headers['traceparent'] ?? ''));
    expect(new Set(fields.map((match) => match?.[1])).size).toBe(1000);
    expect(new Set(fields.map((match) => match?.[2])).size).toBe(1000);
    expect(fields).not.toContain(null);
    expect(result.traces?.requests).toBe(1000);
  });

  it('sends none by default, and the document has no traces', async () => {
    const { result, requests } = await load({});
    expect(requests.filter(({ headers }) => 'traceparent' in headers)).toEqual([]);
    expect(result.traces).toBeUndefined();
  });

  it('chooses the same share of the requests with the same seed, with other ids', async () => {
    const runs = [await load({ trace: 0.1, seed: 7 }), await load({ trace: 0.1, seed: 7 })];
    const [first, second] = runs.map(({ requests }) =>
      requests.flatMap((request) => {
        const id = idOf(request);
        return id === undefined ? [] : [{ number: request.number, id }];
      }),
    );
    expect(first!.length).toBeGreaterThan(70);
    expect(first!.length).toBeLessThan(130);
    expect(second!.map(({ number }) => number)).toEqual(first!.map(({ number }) => number));
    expect(second!.filter(({ id }) => first!.some((each) => each.id === id))).toEqual([]);
    expect(runs[0]!.result.traces?.requests).toBe(first!.length);
  });

  it('keeps the slowest requests of each operation with the ids that the target received', async () => {
    const { result, requests } = await load({ trace: 1 });
    const slowest = result.traces!.slowest;
    expect(slowest).toHaveLength(5);
    const sent = new Map(requests.map((request) => [idOf(request), request]));
    for (const { traceId, responseTimeMs, operation, outcome, status, atMs } of slowest) {
      expect({ operation, outcome, status, responseTimeMs }).toEqual({
        operation: 'chat.ask',
        outcome: 'ok',
        status: 200,
        responseTimeMs: 99,
      });
      const request = sent.get(traceId);
      expect(request!.number % 100).toBe(99);
      expect(atMs).toBeCloseTo(request!.atMs, 0);
    }
  });

  it('gives an example of errors its id; the first traced failure replaces an example without one', async () => {
    const { result, requests } = await load({ trace: 0.1 }, () => ({ status: 500, body: 'broken' }));
    const [error] = result.errors;
    expect(error).toMatchObject({ count: 1000, example: { status: 500, body: 'broken' } });
    const request = requests.find((each) => idOf(each) !== undefined)!;
    expect(error!.example.traceId).toBe(idOf(request));
    expect(error!.example.atMs).toBeCloseTo(request.atMs, 0);
  });

  it('sends a request with a traceparent of its own unchanged, and reports its id', async () => {
    const own = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const scenario = asking('chat', ONCE, {
      run: async (user) => {
        await user.request({ operation: 'chat.ask', path: '/', headers: { traceparent: own } });
      },
    });
    const { result, requests } = await load({ trace: 1 }, undefined, scenario);
    expect(requests.map(({ headers }) => headers['traceparent'])).toEqual([own]);
    expect(result.traces?.slowest[0]?.traceId).toBe('ab'.repeat(16));
  });

  it('gives streams and the turns of a WebSocket the id of the request that opened them', async () => {
    const operations: Operation[] = [
      { name: 'stream', method: 'POST', route: '/s', stream: 'sse' },
      { name: 'socket', method: 'GET', route: '/ws', stream: 'websocket' },
    ];
    const scenario = asking('chat', ONCE, {
      operations,
      run: async (user) => {
        const stream = user.stream({ operation: 'stream', path: '/s' });
        for await (const part of stream) expect(part.kind).toBe('token');
        const channel = await user.open({ operation: 'socket', path: '/ws' });
        for (let turn = 0; turn < 2; turn++) {
          channel.send('hello');
          await channel.receive();
        }
        await channel.close();
      },
    });
    const { result, requests } = await load(
      { trace: 1 },
      ({ path, body }) => {
        if (path === '/s') return { pieces: [{ atMs: 10, bytes: 'data: a\n\ndata: [DONE]\n\n' }] };
        if (body === '') return { status: 101 };
        return { pieces: ['a', '[DONE]'].map((bytes) => ({ atMs: 5, bytes })) };
      },
      scenario,
    );
    const opened = (path: string): string | undefined =>
      idOf(requests.find((request) => request.path === path)!);
    const idsOf = (name: string): string[] =>
      result.traces!.slowest.filter(({ operation }) => operation === name).map(({ traceId }) => traceId);
    expect(idsOf('stream')).toEqual([opened('/s')]);
    expect(idsOf('socket')).toEqual([opened('/ws'), opened('/ws')]);
    const examples = result.operations.map(({ streams }) => streams?.examples?.slowest?.traceId);
    expect(examples).toEqual([opened('/s'), opened('/ws')]);
  });

  it('has the outcome of a response that scenario code refused', async () => {
    const scenario = asking('chat', ONCE, {
      run: async (user) => {
        const response = await user.request({ operation: 'chat.ask', path: '/' });
        response.json({ type: 'object', required: ['message'] });
      },
    });
    const { result, requests } = await load({ trace: 1 }, undefined, scenario);
    expect(result.traces?.slowest[0]?.outcome).toBe('invalid_body');
    expect(result.errors[0]?.example.traceId).toBe(idOf(requests[0]!));
  });

  it('is in the written record of the run', async () => {
    const written = new WrittenRecord(format);
    const failing = ({ number }: ScriptedRequest): ScriptedAnswer => ({
      status: number % 3 === 0 ? 503 : 200,
      afterMs: 40 + (number % 7),
    });
    const { result } = await load({ trace: 0.2, outputs: [written] }, failing);
    expect(result.traces?.requests).toBeGreaterThan(100);
    expect(written.replay().traces).toEqual(result.traces);
    expect(written.replay().errors).toEqual(result.errors);
  });

  it('is refused beside a traceparent that the run sets for every request', async () => {
    await expect(
      runLoad({
        baseUrl: 'http://127.0.0.1:1',
        scenarios: [asking('chat', ONCE)],
        trace: 0.5,
        headers: { Traceparent: 'x' },
      }),
    ).rejects.toThrow('trace is 0.5, but headers sets traceparent for every request');
  });
});
