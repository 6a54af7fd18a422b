import { describe, expect, it } from 'vitest';
import type { Channel, ChannelTurn } from '../src/model/channel.ts';
import type { RunResult } from '../src/document/schema.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { Operation, VirtualUser } from '../src/model/scenario.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const ONCE: ExecutorOptions = { kind: 'per-vu-iterations', vus: 1, iterations: 1 };
const CHAT: Operation = { name: 'chat.socket', method: 'GET', route: '/ws', stream: 'websocket' };
const OPEN = { operation: 'chat.socket', path: '/ws' };

/** `hello` is answered with three tokens and the end, after 200 ms and then every 20 ms; the opening takes 50 ms. */
function chatting({ body }: ScriptedRequest): ScriptedAnswer {
  if (body === '') return { status: 101, afterMs: 50 };
  return { pieces: ['a', 'b', 'c', '[DONE]'].map((bytes, at) => ({ atMs: 200 + 20 * at, bytes })) };
}

async function conversation(
  run: (user: VirtualUser) => Promise<void>,
  answer: (request: ScriptedRequest) => ScriptedAnswer = chatting,
  parts: Partial<Operation> = {},
  executor = ONCE,
): Promise<RunResult> {
  return virtualLoad(
    { scenarios: [asking('chat', executor, { operations: [{ ...CHAT, ...parts }], run })] },
    answer,
  ).result();
}

/** Turns one after another. */
async function turns(channel: Channel, count: number): Promise<ChannelTurn[]> {
  const all: ChannelTurn[] = [];
  for (let turn = 0; turn < count; turn++) {
    channel.send('hello');
    all.push(await channel.receive());
  }
  return all;
}

describe('user.open', () => {
  it('measures each turn as a stream; the first one counts from before the opening, not from after a wait', async () => {
    let all: ChannelTurn[] = [];
    const { operations } = await conversation(async (user) => {
      const channel = await user.open(OPEN);
      await user.think(3);
      all = await turns(channel, 1);
      await user.think(5);
      all.push(...(await turns(channel, 1)));
      await channel.close();
    });
    expect(all.map(({ text, response }) => [text, response?.outcome])).toEqual([
      ['abc', 'ok'],
      ['abc', 'ok'],
    ]);
    const [{ requests, streams, outcomes }] = operations as [RunResult['operations'][0]];
    expect({ requests, ok: outcomes.ok }).toEqual({ requests: 2, ok: 2 });
    expect(streams).toMatchObject({ streams: 2, events: 8, parts: 6, tokens: 6 });
    expect(streams!.ttft.minMs).toBeCloseTo(200, 0);
    expect(streams!.ttft.maxMs).toBeCloseTo(250, 0);
    expect(streams!.ttftSent.minMs).toBeCloseTo(200, 0);
    expect(streams!.ttftSent.maxMs).toBeCloseTo(200, 0);
    expect(streams!.gap).toMatchObject({ count: 4, minMs: 20, maxMs: 20 });
  });

  it('counts the opening from the intended start of the iteration', async () => {
    const { operations } = await conversation(
      async (user) => {
        await turns(await user.open(OPEN), 1);
      },
      chatting,
      {},
      { kind: 'constant-arrival-rate', rate: 10, duration: 1, preAllocatedVUs: 1, maxVUs: 1 },
    );
    // One user, 310 ms an iteration, is late for the slots that it gets; what it misses is dropped.
    expect(operations[0]!.streams!.ttft.minMs).toBeCloseTo(250, 0);
    expect(operations[0]!.streams!.ttftSent.maxMs).toBeCloseTo(200, 0);
  });

  it('makes a failed handshake one failed request, and hands out a channel that is not open', async () => {
    let open = true;
    const { operations } = await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        ({ open } = channel);
        expect(channel.refused?.status).toBe(401);
      },
      () => ({ status: 401 }),
    );
    expect(open).toBe(false);
    expect(operations[0]).toMatchObject({ requests: 1, outcomes: { unauthorized: 1 } });
  });

  it('counts a channel without a turn as one request that is no stream', async () => {
    const { operations } = await conversation(async (user) => {
      const channel = await user.open(OPEN);
      await user.think(2);
      await channel.close();
    });
    expect(operations[0]).toMatchObject({ requests: 1, outcomes: { ok: 1 } });
    expect(operations[0]!.streams?.streams ?? 0).toBe(0);
    expect(operations[0]!.responseTime.maxMs).toBeCloseTo(50, 0);
  });

  it('ends a turn that the loop leaves as hung_up, and counts its late parts as no content of the next', async () => {
    const { operations } = await conversation(async (user) => {
      const channel = await user.open(OPEN);
      channel.send('hello');
      for await (const part of channel) if (part.kind === 'token') break;
      channel.send('hello');
      expect((await channel.receive()).text).toBe('abc');
    });
    expect(operations[0]).toMatchObject({ requests: 2, outcomes: { ok: 1, hung_up: 1 } });
    expect(operations[0]!.streams).toMatchObject({ streams: 2, parts: 4, events: 8 });
    expect(operations[0]!.bytesReceived).toBe(2 * 'abc[DONE]'.length);
  });

  it('ends a turn when until says so, at a time limit as timeout, and between two events as stalled', async () => {
    const outcomes: unknown[] = [];
    await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        channel.send('hello');
        const until = ({ kind, ...part }: { kind: string; text?: string }): boolean =>
          kind === 'token' && part.text === 'b';
        const { text, response } = await channel.receive({ until });
        outcomes.push([text, response?.outcome]);
        channel.send('nothing');
        outcomes.push((await channel.receive({ timeout: '1s' })).response?.outcome);
        channel.send('stall');
        outcomes.push((await channel.receive()).response?.outcome);
      },
      ({ body }) => {
        if (body === '') return { status: 101 };
        if (body === 'nothing') return { pieces: [] };
        if (body === 'stall') return { pieces: [{ atMs: 5, bytes: 'a' }] };
        return { pieces: ['a', 'b'].map((bytes, at) => ({ atMs: 5 * at, bytes })) };
      },
      { idleTimeout: '2s', endsWith: 'close' },
    );
    expect(outcomes).toEqual([['ab', 'ok'], 'timeout', 'stalled']);
  });

  it.each<[string, unknown, string]>([
    [
      'an asynchronous until',
      { until: () => Promise.reject(new Error('late')) },
      'until an asynchronous function',
    ],
    ['an until that is no function', { until: 'done' }, 'until what is no function'],
    ['an unknown option', { timeot: '1s' }, "the unknown option 'timeot' (did you mean 'timeout'?)"],
  ])('tells %s of receive, and goes on with the next turn', async (_, options, message) => {
    const said: unknown[] = [];
    const { exceptions } = await conversation(async (user) => {
      const channel = await user.open(OPEN);
      channel.send('hello');
      await channel.receive(options as object).catch((error: unknown) => said.push(String(error)));
      await channel.receive();
      channel.send('hello');
      said.push((await channel.receive()).text);
      try {
        channel.send('hello', { mroe: true } as object);
      } catch (error) {
        said.push(String(error));
      }
    });
    expect(exceptions).toEqual([]);
    expect(said).toEqual([
      expect.stringContaining(message),
      'abc',
      expect.stringContaining("the unknown option 'mroe' (did you mean 'more'?)"),
    ]);
  });

  it('tells how long the assistant goes on after an interruption: barge-in', async () => {
    const silentMs: number[] = [];
    const { operations } = await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        silentMs.push(await channel.interrupt('stop'));
        channel.send('hello');
        await user.think(0.1);
        silentMs.push(await channel.interrupt('stop'));
      },
      ({ body }) => {
        if (body === '') return { status: 101 };
        // Three more parts are on their way when the caller interrupts, the last 45 ms later.
        if (body === 'stop') return { pieces: [{ atMs: 60, bytes: '[DONE]' }] };
        return { pieces: [10, 50, 105, 125, 145].map((atMs) => ({ atMs, bytes: 'a' })) };
      },
    );
    expect(silentMs).toEqual([Number.NaN, expect.closeTo(45, 1)]);
    expect(operations[0]).toMatchObject({ requests: 1, outcomes: { ok: 1 }, streams: { parts: 5 } });
    expect(operations[0]!.bytesSent).toBe('hello'.length + 'stop'.length);
  });

  it.each([
    ['at once', 0, 'ok'],
    ['after the answer has come', 1, 'ok'],
    ['to wait until the user hangs up', 0, 'hung_up'],
  ])(
    'counts the answer to an interruption from the message that interrupted: received %s',
    async (_when, thinkSeconds, outcome) => {
      let answer: ChannelTurn | undefined;
      const { operations } = await conversation(
        async (user) => {
          const channel = await user.open({ ...OPEN, ...(outcome === 'ok' ? {} : { hangUpAfterMs: 170 }) });
          channel.send('hello');
          await user.think(0.1);
          await channel.interrupt('stop');
          expect((await channel.receive()).response?.outcome).toBe('ok');
          await user.think(thinkSeconds);
          answer = await channel.receive();
        },
        ({ body }) => {
          if (body === '') return { status: 101 };
          // The turn that is interrupted ends 20 ms later, after 120 ms; the answer to the interruption comes 150 ms after it.
          if (body === 'stop')
            return {
              pieces: [
                { atMs: 20, bytes: '[DONE]' },
                { atMs: 150, bytes: 'b' },
                { atMs: 190, bytes: outcome === 'ok' ? '[DONE]' : 'c' },
              ],
            };
          return { pieces: [{ atMs: 50, bytes: 'a' }] };
        },
      );
      expect(answer).toMatchObject({ text: 'b', response: { outcome } });
      expect(answer!.arrivalsMs).toEqual([expect.closeTo(150, 1)]);
      expect(answer!.response!.timings.responseTimeMs).toBeCloseTo(outcome === 'ok' ? 190 : 170, 0);
      expect(answer!.response!.timings.serviceTimeMs).toBeCloseTo(outcome === 'ok' ? 190 : 170, 0);
      const { ttft, ttftSent } = operations[0]!.streams!;
      expect([ttft.count, ttftSent.count]).toEqual([2, 2]);
      expect(ttft.maxMs).toBeCloseTo(150, 0);
      expect(ttftSent.maxMs).toBeCloseTo(150, 0);
    },
  );

  it('counts a turn with a message of its own from that message, also after an interruption', async () => {
    const { operations } = await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        channel.send('hello');
        await user.think(0.1);
        await channel.interrupt('stop');
        await user.think(2);
        await turns(channel, 1);
      },
      ({ body }) => {
        if (body === '') return { status: 101 };
        if (body === 'stop') return { pieces: [{ atMs: 20, bytes: '[DONE]' }] };
        return { pieces: [50, 150].map((atMs) => ({ atMs, bytes: atMs === 50 ? 'a' : '[DONE]' })) };
      },
    );
    expect(operations[0]!.streams!.ttft).toMatchObject({ count: 2 });
    expect(operations[0]!.streams!.ttft.maxMs).toBeCloseTo(50, 0);
  });

  it('stamps messages that come between two turns when they arrive', async () => {
    const seen: (readonly number[])[] = [];
    const { operations } = await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        await user.think(1);
        const { arrivalsMs, response } = await channel.receive();
        seen.push(arrivalsMs);
        expect(response!.timings.responseTimeMs).toBeCloseTo(0, 1);
      },
      () => ({
        status: 101,
        pieces: Array.from({ length: 7 }, (_, at) => ({ atMs: 150 * at, bytes: at < 6 ? 'x' : '[DONE]' })),
      }),
    );
    // The turn begins a second after the opening; the last message came 100 ms before.
    expect(seen).toEqual([[0, 1, 2, 3, 4, 5].map((at) => expect.closeTo(150 * at - 1000, 0))]);
    const { ttft, gap, longestGap, ttlt } = operations[0]!.streams!;
    expect(gap).toMatchObject({ count: 5 });
    expect([gap.minMs, gap.maxMs]).toEqual([expect.closeTo(150, 0), expect.closeTo(150, 0)]);
    expect(longestGap.maxMs).toBeCloseTo(150, 0);
    expect([ttft.maxMs, ttlt.maxMs]).toEqual([0, 0]);
  });

  it('waits for messages of the server without a message of its own', async () => {
    const seen: string[] = [];
    const { operations } = await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        await user.think(0.5);
        seen.push((await channel.receive()).text);
      },
      () => ({ status: 101, pieces: ['x', 'y', '[DONE]'].map((bytes, at) => ({ atMs: 400 * at, bytes })) }),
    );
    expect(seen).toEqual(['xy']);
    expect(operations[0]!.streams).toMatchObject({ streams: 1, parts: 2, events: 3 });
  });

  it('counts the bytes of all messages that were sent, those of more of the same input before the clock starts', async () => {
    const { operations } = await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        channel.send(new Uint8Array(100), { more: true });
        await user.think(2);
        channel.send({ end: true });
        await channel.receive();
      },
      ({ body }) =>
        body === '{"end":true}'
          ? {
              pieces: [
                { atMs: 30, bytes: 'a' },
                { atMs: 30, bytes: '[DONE]' },
              ],
            }
          : { status: 101, pieces: [] },
    );
    expect(operations[0]!.bytesSent).toBe(100 + '{"end":true}'.length);
    expect(operations[0]!.streams!.ttft.maxMs).toBeCloseTo(30, 0);
  });

  it('is a truncated turn when the server closes in the middle; later turns fail', async () => {
    const { operations } = await conversation(
      async (user) => {
        const channel = await user.open(OPEN);
        await turns(channel, 1);
        expect(channel.open).toBe(false);
        await turns(channel, 1);
      },
      ({ body }) => (body === '' ? { status: 101 } : { pieces: [{ atMs: 5, bytes: 'a' }], cut: true }),
    );
    expect(operations[0]).toMatchObject({ requests: 2, outcomes: { truncated: 1, connection_error: 1 } });
  });

  it('closes a channel at the end of the iteration that opened it, and one of onStart when the user leaves', async () => {
    const load = virtualLoad(
      {
        scenarios: [
          asking(
            'chat',
            { kind: 'per-vu-iterations', vus: 1, iterations: 3 },
            {
              operations: [CHAT],
              onStart: (user) => user.open(OPEN),
              run: async (user, { state }) => {
                await user.open(OPEN);
                await turns(state as Channel, 1);
              },
            },
          ),
        ],
      },
      chatting,
    );
    const { operations } = await load.result();
    expect(load.target.opened).toBe(4);
    expect(load.target.closed).toBe(4);
    expect(operations[0]).toMatchObject({ requests: 6, outcomes: { ok: 6 } });
    expect(operations[0]!.streams!.streams).toBe(3);
  });

  it('streams over a socket of its own: user.stream', async () => {
    const load = virtualLoad(
      {
        scenarios: [
          asking('chat', ONCE, {
            operations: [CHAT],
            run: async (user) => {
              const answer = user.stream({ ...OPEN, body: 'hello' });
              for await (const part of answer) expect(part.kind).toBe('token');
              expect((await answer.response).outcome).toBe('ok');
            },
          }),
        ],
      },
      chatting,
    );
    const { operations } = await load.result();
    expect(operations[0]!.streams).toMatchObject({ streams: 1, parts: 3, events: 4 });
    expect(load.target.closed).toBe(1);
  });

  it.each([
    [{ operation: 'chat.socket', path: '/ws', body: 'hello' }, /with body 'hello'; expected none/],
    [{ operation: 'unknown', path: '/ws' }, /does not declare/],
  ])('refuses %j with what was expected', async (spec, message) => {
    let error: unknown;
    await conversation(async (user) => {
      error = await user.open(spec).catch((reason: unknown) => reason);
    });
    expect((error as Error).message).toMatch(message);
  });
});
