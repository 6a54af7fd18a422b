import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { Operation, VirtualUser } from '../src/model/scenario.ts';
import type { ResponseStream, StreamPart } from '../src/model/stream.ts';
import type { ScriptedAnswer, ScriptedPiece } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const DONE = 'data: [DONE]\n\n';
const ONCE: ExecutorOptions = { kind: 'per-vu-iterations', vus: 1, iterations: 1 };

const operation: Operation = { name: 'chat.stream', method: 'POST', route: '/chat', stream: 'sse' };

/** One stream; the loop takes parts until `until` says so. */
async function streamed(
  answer: ScriptedAnswer,
  parts: Partial<Operation> = {},
  take: (user: VirtualUser) => Promise<void> = takeAll,
): Promise<RunResult> {
  return virtualLoad(
    { scenarios: [asking('chat', ONCE, { operations: [{ ...operation, ...parts }], run: take })] },
    () => answer,
  ).result();
}

async function drain(stream: ResponseStream, between?: () => Promise<void>): Promise<void> {
  for await (const part of stream) {
    expect(part.kind).toBeDefined();
    await between?.();
  }
}

async function takeAll(user: VirtualUser): Promise<void> {
  await drain(user.stream({ operation: 'chat.stream', path: '/chat' }));
}

function events(...all: readonly (readonly [atMs: number, text: string])[]): ScriptedPiece[] {
  return all.map(([atMs, text]) => ({ atMs, bytes: text }));
}

const token = (text: string): string => `data: ${text}\n\n`;

describe('user.stream', () => {
  it('hands out parts as they arrive, and measures first token, gaps and last token', async () => {
    const seen: StreamPart[] = [];
    const { operations, totals } = await streamed(
      { pieces: events([200, token('a')], [220, token('b')], [300, token('c') + DONE]) },
      {},
      async (user) => {
        const answer = user.stream({ operation: 'chat.stream', path: '/chat' });
        for await (const part of answer) seen.push(part);
        expect((await answer.response).outcome).toBe('ok');
      },
    );
    expect(seen).toEqual(['a', 'b', 'c'].map((text) => ({ kind: 'token', text })));
    const streams = operations[0]!.streams!;
    expect(streams).toMatchObject({ streams: 1, events: 4, parts: 3, tokens: 3, tokensFrom: 'parts' });
    expect(streams.ttft.maxMs).toBeCloseTo(200, 0);
    expect(streams.ttlt.maxMs).toBeCloseTo(300, 0);
    expect(streams.tpot.maxMs).toBeCloseTo(50, 1);
    expect(streams.gap).toMatchObject({ count: 2, minMs: 20, maxMs: 80 });
    expect(streams.longestGap).toMatchObject({ count: 1, maxMs: 80 });
    expect(totals.outcomes).not.toHaveProperty('truncated');
    expect(totals.streams).toEqual(streams);
  });

  it('stamps parts when they arrive, however late the loop takes them', async () => {
    const { operations } = await streamed(
      { pieces: events([100, token('a')], [110, token('b')], [120, token('c') + DONE]) },
      {},
      async (user) => {
        await drain(user.stream({ operation: 'chat.stream', path: '/chat' }), () => user.think(1));
      },
    );
    expect(operations[0]!.streams!.gap).toMatchObject({ count: 2, minMs: 10, maxMs: 10 });
    expect(operations[0]!.streams!.ttlt.maxMs).toBeCloseTo(120, 0);
  });

  it('counts neither comments nor events without content as tokens, and characters cut between pieces once (S5)', async () => {
    const decode: Operation['decode'] = ({ data }) => {
      if (data === '[DONE]') return { kind: 'done' };
      const { role, text = '', tokens = 1, thought } = JSON.parse(data) as Record<string, never>;
      if (thought !== undefined) return { kind: 'reasoning', text: thought };
      return role === undefined ? { kind: 'token', text, tokens } : { kind: 'token', text: '' };
    };
    const cut = Buffer.from(`data: {"text":"größe","tokens":3}\n\n`);
    const middle = cut.indexOf(0xc3) + 1;
    const texts: string[] = [];
    const { operations } = await streamed(
      {
        pieces: [
          { atMs: 10, bytes: ': keep-alive\n\n' },
          { atMs: 20, bytes: 'data: {"role":"assistant"}\n\n' },
          { atMs: 50, bytes: 'data: {"thought":"hm"}\n\n' },
          { atMs: 90, bytes: cut.subarray(0, middle) },
          { atMs: 100, bytes: cut.subarray(middle) },
          { atMs: 105, bytes: ': keep-alive\n\n' },
          { atMs: 130, bytes: 'data: {"text":"x","tokens":3}\r\n\r\ndata: [DONE]\n\n' },
        ],
      },
      { decode },
      async (user) => {
        for await (const part of user.stream({ operation: 'chat.stream', path: '/chat' }))
          if ('text' in part) texts.push(part.text ?? '');
      },
    );
    expect(texts).toEqual(['', 'hm', 'größe', 'x']);
    const streams = operations[0]!.streams!;
    expect(streams).toMatchObject({ events: 5, parts: 3, tokens: 7 });
    expect(streams.ttft.maxMs).toBeCloseTo(50, 0);
    expect(streams.ttfo.maxMs).toBeCloseTo(100, 0);
    expect(streams.ttlt.maxMs).toBeCloseTo(130, 0);
    expect(streams.gap).toMatchObject({ count: 2, minMs: 30, maxMs: 50 });
  });

  it.each([
    ['usage without counts', { kind: 'usage' }],
    ['counts that are null', { kind: 'usage', outputTokens: null, inputTokens: null }],
    ['counts that are no number', { kind: 'usage', outputTokens: Number.NaN, inputTokens: '4' }],
    ['counts below 0', { kind: 'usage', outputTokens: -1, inputTokens: -Infinity }],
    ['tokens of a part that are no number', { kind: 'token', text: 'c', tokens: Number.NaN }],
  ])('estimates the tokens of an answer with %s', async (_what, part) => {
    const decode: Operation['decode'] = ({ data }) =>
      data === '[DONE]' ? [part as StreamPart, { kind: 'done' }] : { kind: 'token', text: data };
    const { operations, totals } = await streamed(
      { pieces: events([10, token('a')], [20, token('b')], [30, DONE]) },
      { decode },
    );
    const tokens = part.kind === 'token' ? 3 : 2;
    expect(operations[0]!.streams).toMatchObject({ tokens, inputTokens: null, tokensFrom: 'parts' });
    expect(operations[0]!.streams!.tpot.maxMs).toBeCloseTo(10, 1);
    expect(totals.streams).toEqual(operations[0]!.streams);
  });

  it('takes the tokens that the server counted, and has no time per token below two', async () => {
    const decode: Operation['decode'] = ({ data }) => [
      { kind: 'token', text: data },
      { kind: 'usage', outputTokens: data === 'one' ? 1 : 9, inputTokens: 4 },
      { kind: 'done' },
    ];
    const many = await streamed({ pieces: events([10, token('many')], [50, token('more')]) }, { decode });
    expect(many.operations[0]!.streams).toMatchObject({ tokens: 9, inputTokens: 4, tokensFrom: 'usage' });
    expect(many.operations[0]!.streams!.tpot.maxMs).toBeCloseTo(5, 1);
    const one = await streamed({ pieces: events([10, token('one')]) }, { decode });
    expect(one.operations[0]!.streams!.tpot).toMatchObject({ count: 0, maxMs: null });
  });

  it('reads lines of JSON, the last one without a line end, and pieces of bytes', async () => {
    const lines = await streamed(
      { pieces: events([10, '{"a":1}\n{"a"'], [20, ':2}\n'], [30, '{"a":3}']) },
      { stream: 'ndjson' },
    );
    expect(lines.operations[0]!.streams).toMatchObject({ events: 3, parts: 3 });
    expect(lines.totals.outcomes.ok).toBe(1);
    const pieces = await streamed({ pieces: events([10, 'abc'], [20, 'def']) }, { stream: 'chunked' });
    expect(pieces.operations[0]!.streams).toMatchObject({ events: 2, parts: 2, tokens: 0 });
  });

  const MISHAPS: Readonly<Record<string, readonly [ScriptedAnswer, Partial<Operation>?]>> = {
    truncated: [{ pieces: events([10, token('a')]) }],
    'truncated ': [{ pieces: events([10, token('a')]), cut: true }, { endsWith: 'close' }],
    empty: [{ pieces: events([10, DONE]) }],
    'empty ': [{ pieces: events([10, ': nothing\n\n']) }, { endsWith: 'close' }],
    stalled: [{ pieces: events([10, token('a')], [Number.POSITIVE_INFINITY, DONE]) }, { idleTimeout: '2s' }],
    failed_in_band: [
      { pieces: events([10, token('a')], [20, token('CRITICAL')], [30, DONE]) },
      {
        decode: ({ data }) =>
          data === 'CRITICAL' ? { kind: 'error', message: 'CRITICAL' } : { kind: 'token', text: data },
      },
    ],
    invalid_body: [
      { pieces: events([10, token('{')], [20, DONE]) },
      { decode: ({ data }) => ({ kind: 'token', text: String(JSON.parse(data)) }) },
    ],
    'invalid_body ': [
      { pieces: events([10, token('a')], [20, DONE]) },
      { decode: (async () => Promise.reject(new Error('late'))) as unknown as Operation['decode'] & object },
    ],
    'invalid_body  ': [
      { pieces: events([10, token('a')], [20, DONE]) },
      { decode: () => ({ kind: 'tokens' }) as never },
    ],
    'invalid_body   ': [
      { pieces: events([10, token('a')], [20, DONE]) },
      { decode: () => ({ kind: 'error', message: null }) as never },
    ],
    server_error: [{ status: 503, pieces: events([10, 'busy']) }],
    connection_error: [{ failure: { outcome: 'connection_error', code: 'ECONNRESET', message: 'reset' } }],
  };
  it.each(Object.entries(MISHAPS))('tells %s apart', async (name, [answer, parts]) => {
    const { totals, errors } = await streamed(answer, parts);
    expect(totals.outcomes).toMatchObject({ [name.trim()]: 1, ok: 0 });
    expect(totals.failed).toBe(1);
    expect(errors).toHaveLength(1);
    expect(totals.streams!.ttlt.count).toBe(0);
  });

  it('waits for the first content as long as the request may take, whatever came before it', async () => {
    const decode: Operation['decode'] = ({ data }) =>
      data === '[DONE]' ? { kind: 'done' } : { kind: 'token', text: data === 'role' ? '' : data };
    const slow = events([10, token('role')], [15_000, token('a')], [15_100, DONE]);
    const { operations, totals } = await streamed({ pieces: slow }, { decode });
    expect(totals.outcomes.ok).toBe(1);
    expect(operations[0]!.streams!.ttft.maxMs).toBeCloseTo(15_000, -1);
    const never = events([10, token('role')], [Number.POSITIVE_INFINITY, DONE]);
    expect((await streamed({ pieces: never }, { decode })).totals.outcomes.timeout).toBe(1);
  });

  it('hangs up when the loop is left, which is an outcome but not a failure', async () => {
    const { totals, errors, verdict } = await streamed(
      { pieces: events([10, token('a')], [20, token('b')], [60_000, DONE]) },
      {},
      async (user) => {
        for await (const part of user.stream({ operation: 'chat.stream', path: '/chat' }))
          if ('text' in part && part.text === 'b') break;
      },
    );
    expect(totals.outcomes).toMatchObject({ hung_up: 1, ok: 0 });
    expect(totals).toMatchObject({ failed: 0, requests: 1 });
    expect(errors).toEqual([]);
    expect(totals.responseTime.maxMs).toBeCloseTo(20, 0);
    expect(totals.streams!.ttft.count).toBe(1);
    expect(verdict.status).not.toBe('fail');
  });

  it('counts as complete what its last part completed, however the connection ends', async () => {
    const { totals } = await streamed({ pieces: events([10, token('a') + DONE]), cut: true });
    expect(totals.outcomes.ok).toBe(1);
  });

  it('names the way to call an operation that is streamed, or not', async () => {
    const wrong = await streamed({}, {}, async (user) => {
      await user.request({ operation: 'chat.stream', path: '/chat' });
    });
    expect(wrong.exceptions[0]!.message).toContain('for await (const part of user.stream(');
    const other = virtualLoad({ scenarios: [asking('plain', ONCE, { run: streamPlain })] });
    expect((await other.result()).exceptions[0]!.message).toContain('declares no stream');
  });

  async function streamPlain(user: VirtualUser): Promise<void> {
    await drain(user.stream({ operation: 'plain.ask', path: '/' }));
  }

  it('interrupts a stream at the end of the run, and counts what had arrived', async () => {
    const { totals, iterations } = await virtualLoad(
      {
        scenarios: [
          asking(
            'chat',
            { kind: 'constant-vus', vus: 1, duration: '1s', gracefulStop: 0 },
            { operations: [operation], run: takeAll },
          ),
        ],
      },
      () => ({ pieces: events([10, token('a')], [20, token('b')], [5000, DONE]) }),
    ).result();
    expect(totals).toMatchObject({ requests: 0, interrupted: 1 });
    expect(iterations).toMatchObject({ planned: 1, interrupted: 1 });
    expect(totals.streams).toMatchObject({ streams: 1, parts: 2 });
  });

  it('judges each stream by its objectives, for a share of all that were planned', async () => {
    const good = 'ttft < 150 ms and longest gap < 0.2 s';
    const { operations, thresholds } = await virtualLoad(
      {
        scenarios: [
          asking(
            'chat',
            { kind: 'constant-arrival-rate', rate: 10, duration: '10s', maxVUs: 20 },
            { operations: [{ ...operation, good }], run: takeAll },
          ),
        ],
        thresholds: { goodput: ['rate>0.5', 'rate>0.96'], 'ttft{operation:chat.stream}': ['p(95)<150'] },
      },
      ({ number }) => {
        const gap = number % 20 === 0 ? 1000 : 20;
        return { pieces: events([100, token('a')], [100 + gap, token('b')], [110 + gap, DONE]) };
      },
    ).result();
    expect(operations[0]!.streams!.goodput).toMatchObject({
      objectives: [good],
      good: 95,
      planned: 100,
      share: 0.95,
    });
    // Wilson's interval of 95 of 100.
    expect(operations[0]!.streams!.goodput!.low).toBeCloseTo(0.8882, 4);
    expect(operations[0]!.streams!.goodput!.high).toBeCloseTo(0.9785, 4);
    expect(thresholds.map(({ status }) => status)).toEqual(['pass', 'fail', 'pass']);
  });

  it('refuses objectives that it cannot read, and stream settings without a stream', () => {
    const run = (parts: Partial<Operation>) => () =>
      virtualLoad({
        scenarios: [asking('chat', ONCE, { operations: [{ ...operation, ...parts }], run: takeAll })],
      });
    for (const good of [
      'ttft',
      'ttft > 3',
      'gap < 3',
      'ttft p99 < 3',
      'gap p101 < 3',
      'ttft < 3 or ttlt < 3',
    ])
      expect(run({ good })).toThrow(/not a condition; expected conditions joined by and/);
    const { stream: _stream, ...plain } = operation;
    expect(() =>
      virtualLoad({
        scenarios: [asking('chat', ONCE, { operations: [{ ...plain, idleTimeout: '1s' }], run: takeAll })],
      }),
    ).toThrow(/has idleTimeout but no stream/);
  });
});
