import { createParser } from 'eventsource-parser';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { startMock } from '../src/index.ts';
import type { FaultKind, RunningMock, StreamCounts } from '../src/index.ts';
import { call } from './support/call.ts';
import { eventually } from './support/eventually.ts';
import { rawRequest } from './support/raw-request.ts';

let mock: RunningMock;
afterEach(() => mock.close());

const PATH = '/v1/chat/completions';
const question = (more: object = {}) => ({
  model: 'any',
  messages: [{ role: 'user', content: 'Quelle heure est-il ?' }],
  ...more,
});
const start = async (...settings: string[]): Promise<void> => {
  mock = await startMock({ preset: 'fast', settings: ['llm.answerTokens=12', ...settings] });
};
interface Chunk {
  readonly id: string;
  readonly choices: readonly {
    readonly delta: {
      readonly content?: string;
      readonly reasoning_content?: string;
      readonly role?: string;
    };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly completion_tokens: number } | null;
  readonly error?: object;
  readonly sent_ms?: number;
}
interface Heard {
  readonly status: number;
  /** Body chunks as the connection delivered them. */
  readonly pieces: readonly Buffer[];
  readonly events: readonly Chunk[];
  readonly comments: number;
  readonly isDone: boolean;
  /** Of the failure of the connection. */
  readonly failure: string | undefined;
}

/** Streams an answer to its end. */
async function stream(more: object = {}, headers: Record<string, string> = {}): Promise<Heard> {
  const { statusCode, body } = await request(mock.url + PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-load-run-id': 'r', 'x-load-phase': 'run', ...headers },
    body: JSON.stringify(question({ stream: true, ...more })),
  });
  const pieces: Buffer[] = [];
  const datas: string[] = [];
  let comments = 0;
  const parser = createParser({ onEvent: ({ data }) => datas.push(data), onComment: () => (comments += 1) });
  const utf8 = new TextDecoder();
  let failure: string | undefined;
  // Not `for await`, which joins pieces that wait.
  body.on('data', (piece: Buffer) => {
    pieces.push(piece);
    parser.feed(utf8.decode(piece, { stream: true }));
  });
  await new Promise<void>((resolve) => {
    body.once('end', resolve).once('error', (error: NodeJS.ErrnoException) => {
      failure = error.code;
      resolve();
    });
  });
  const events = datas.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data) as Chunk);
  return { status: statusCode, pieces, events, comments, isDone: datas.at(-1) === '[DONE]', failure };
}
const contents = ({ events }: Heard): string[] =>
  events.flatMap(({ choices }) => choices?.[0]?.delta.content ?? []).filter((text) => text !== '');
const row = () => mock.counters().rows.find(({ operation }) => operation === 'openai.chat');
const counted = (): StreamCounts | undefined => row()?.streams;

describe('POST /v1/chat/completions', () => {
  it('answers whole without stream, and token by token with it: the same text for the same seed', async () => {
    await start('seed=7');
    const whole = await call(mock.url, 'POST', PATH, { body: question() });
    expect(whole.json).toMatchObject({
      object: 'chat.completion',
      model: 'any',
      choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 12, total_tokens: 22 },
    });
    mock.reset();
    const heard = await stream({ stream_options: { include_usage: true } });
    const { id, choices } = whole.json as { id: string; choices: [{ message: { content: string } }] };
    expect(contents(heard)).toHaveLength(12);
    expect(contents(heard).join('')).toBe(choices[0].message.content);
    expect(new Set(heard.events.map((event) => event.id))).toEqual(new Set([id]));
    const [role] = heard.events;
    expect(role?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(heard.events.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(heard.events.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 12 } });
    expect(heard.isDone).toBe(true);
  });

  it('sends no usage that was not asked for, and stops at max_tokens', async () => {
    await start();
    const heard = await stream({ max_tokens: 5 });
    expect(contents(heard)).toHaveLength(5);
    expect(heard.events.at(-1)?.choices[0]?.finish_reason).toBe('length');
    expect(heard.events.some((event) => 'usage' in event)).toBe(false);
  });

  it('counts streams, events, tokens, chunks and bytes as they were sent', async () => {
    await start('llm.tokensPerEvent=5', 'llm.splitCharacters=true');
    const heard = await stream();
    const bytes = heard.pieces.reduce((sum, { length }) => sum + length, 0);
    expect(contents(heard)).toHaveLength(3);
    await eventually(() =>
      expect(counted()).toEqual({
        opened: 1,
        completed: 1,
        cut: 0,
        left: 0,
        // The role, three events in two pieces each, the reason of the end, the end mark.
        chunks: 9,
        events: 3,
        tokens: 12,
        bytes,
      }),
    );
    expect(row()).toMatchObject({ runId: 'r', phase: 'run', arrived: 1, outcomes: { ok: 1 } });
  });

  it('cuts characters of several bytes between two pieces', async () => {
    await start('llm.splitCharacters=true', 'llm.answerTokens=60');
    const { pieces, events } = await stream();
    const isBroken = (piece: Buffer): boolean => piece.toString().includes('\uFFFD');
    expect(pieces.filter(isBroken).length).toBeGreaterThan(4);
    expect(JSON.stringify(events)).not.toContain('\uFFFD');
  });

  it('sends reasoning before the content', async () => {
    await start('llm.reasoningTokens=4');
    const heard = await stream();
    const deltas = heard.events.map(({ choices }) => choices[0]!.delta);
    expect(deltas.findLastIndex((delta) => delta.reasoning_content !== undefined)).toBe(4);
    expect(deltas.findIndex((delta) => (delta.content ?? '') !== '')).toBe(5);
  });

  it('sends head, role event and comments before the first token when it is told to', async () => {
    await start('llm.roleEvent=at-once', 'llm.keepAlive=20ms', 'latency.openai.chat=110ms', 'llm.stamps=on');
    const sentMs = performance.now();
    const heard = await stream();
    expect(heard.comments).toBeGreaterThanOrEqual(3);
    const stamps = heard.events.map((event) => event.sent_ms!);
    expect(stamps[1]! - stamps[0]!).toBeGreaterThan(90);
    expect(performance.now() - sentMs).toBeGreaterThanOrEqual(110);
  });

  it('stamps each event when it is sent, after a freeze', async () => {
    await start('llm.stamps=on', 'llm.answerTokens=2', 'llm.gap=0', 'latency.openai.chat=0');
    const startMs = Number(process.hrtime.bigint()) / 1e6;
    mock.freeze(500);
    const { events } = await stream({ stream_options: { include_usage: true } });
    expect(events.length).toBeGreaterThan(3);
    for (const { sent_ms: sentMs } of events) expect(sentMs! - startMs).toBeGreaterThanOrEqual(499);
  });

  it.each([
    ['no JSON', { raw: '{' }, null],
    ['no messages', { body: { model: 'm', messages: [] } }, 'messages'],
    ['no model', { body: { messages: [{ role: 'user', content: 'x' }] } }, null],
    ['several answers', { body: question({ n: 2 }) }, 'n'],
  ])('refuses %s in the form of the API', async (_name, options, param) => {
    await start();
    const { status, json } = await call(mock.url, 'POST', PATH, options);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.any(String), param },
    });
  });

  it('asks for the key of llm.apiKey', async () => {
    await start('llm.apiKey=sk-mock');
    expect((await call(mock.url, 'GET', '/v1/models')).status).toBe(401);
    const { json } = await call(mock.url, 'GET', '/v1/models', { token: 'sk-mock' });
    expect(json).toMatchObject({ object: 'list', data: [{ id: 'jarvis-mock', object: 'model' }] });
  });
});

describe('faults of a streamed answer', () => {
  const run = async (fault: FaultKind, ...settings: string[]): Promise<Heard> => {
    await start(`faults.${fault}=1`, ...settings);
    return stream();
  };

  it.each([
    ['cut', { isDone: false, failure: undefined }, 6, { cut: 1, completed: 0 }],
    ['truncated', { isDone: false, failure: 'UND_ERR_SOCKET' }, 6, { cut: 1, completed: 0 }],
    ['in_band_error', { isDone: false, failure: undefined }, 6, { cut: 1, completed: 0 }],
    ['empty', { isDone: true, failure: undefined }, 0, { cut: 0, completed: 1 }],
  ] as const)('%s', async (fault, end, tokens, counts) => {
    const heard = await run(fault);
    expect(heard).toMatchObject({ status: 200, ...end });
    expect(contents(heard)).toHaveLength(tokens);
    if (fault === 'in_band_error') expect(heard.events.at(-1)?.error).toMatchObject({ type: 'server_error' });
    await eventually(() => expect(counted()).toMatchObject({ ...counts, opened: 1, tokens }));
    expect(row()?.outcomes).toEqual({ [fault]: 1 });
  });

  it('server_error replaces the stream, although the head is sent at once otherwise', async () => {
    const heard = await run('server_error');
    expect(heard.status).toBe(500);
    expect(counted()).toBeUndefined();
  });

  it('stall pauses in the middle, and hits every n-th request exactly', async () => {
    await start('faults.stall.everyNth=3', 'faults.stall.pause=120ms', 'llm.stamps=on');
    const longest: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      const stamps = (await stream()).events.map((event) => event.sent_ms!);
      longest.push(Math.max(...stamps.slice(1).map((at, before) => at - stamps[before]!)));
    }
    expect(longest.map((gap) => gap >= 119)).toEqual([false, false, true, false, false, true]);
  });

  it('slow_first_byte holds back the head, too', async () => {
    await start('faults.slow_first_byte=1', 'faults.slow_first_byte.delay=150ms');
    const body = JSON.stringify(question({ stream: true }));
    const head = [`POST ${PATH} HTTP/1.1`, 'Host: x', 'Content-Type: application/json'];
    const seen = await rawRequest(mock.url, [...head, `Content-Length: ${body.length}`, '', body], 60);
    expect(seen.bytes.length).toBe(0);
  });

  it('counts a client that hangs up, ends its answer and frees its slot', async () => {
    await start('llm.gap=30ms', 'llm.answerTokens=1000', 'capacity.openai.chat=1');
    const { body } = await request(mock.url + PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question({ stream: true })),
    });
    for await (const _ of body) break;
    await eventually(() => expect(counted()).toMatchObject({ opened: 1, left: 1 }));
    expect(row()?.outcomes).toEqual({ aborted: 1 });
    expect((await stream({ max_tokens: 1 })).isDone).toBe(true);
  });
});
