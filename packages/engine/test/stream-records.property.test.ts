import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import type { Operation, VirtualUser } from '../src/model/scenario.ts';
import {
  mergeRecords,
  parseRunEnd,
  parseRunInfo,
  parseSnapshot,
  type PartRecord,
} from '../src/replay/index.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';
import { WrittenRecord } from './fixtures/written-record.ts';

const CHAT: Operation = {
  name: 'chat',
  method: 'POST',
  route: '/chat',
  stream: 'sse',
  good: 'ttft < 150 ms and longest gap < 60 ms',
  decode: ({ data }) =>
    data === '[DONE]'
      ? { kind: 'done' }
      : data.startsWith('usage ')
        ? { kind: 'usage', outputTokens: Number(data.slice(6)), inputTokens: 3 }
        : { kind: 'token', text: data },
};

/** A stream that depends on the moment alone, so that all parts of a run see the same target. */
function answer({ atMs }: ScriptedRequest): ScriptedAnswer {
  const draw = Math.round(atMs * 1000) % 977;
  if (draw % 31 === 0) return { status: 500 };
  const tokens = draw % 13;
  const gapMs = 5 + (draw % 67);
  const pieces = Array.from({ length: tokens }, (_, token) => ({
    atMs: 20 + (draw % 191) + token * gapMs,
    bytes: `data: t${token}\n\n`,
  }));
  const endMs = 20 + (draw % 191) + tokens * gapMs;
  if (draw % 2 === 0) pieces.push({ atMs: endMs, bytes: `data: usage ${tokens * 2}\n\n` });
  // Without its last event the answer is truncated.
  pieces.push({ atMs: endMs, bytes: draw % 7 === 0 ? ': end\n\n' : 'data: [DONE]\n\n' });
  return { pieces };
}

/** The same target over WebSockets: an opening without a message, then turns; an answer without its last event is cut off. */
function converse(request: ScriptedRequest): ScriptedAnswer {
  if (request.body === '') {
    const draw = Math.round(request.atMs * 1000) % 977;
    return draw % 29 === 0 ? { status: 503 } : { status: 101, afterMs: draw % 40 };
  }
  const { pieces = [] } = answer(request);
  const isWhole = pieces.at(-1)?.bytes === 'data: [DONE]\n\n';
  const messages = (isWhole ? pieces : pieces.slice(0, -1)).map(({ atMs, bytes }) => ({
    atMs,
    bytes: String(bytes)
      .replace(/^data: /, '')
      .trimEnd(),
  }));
  return { pieces: messages, cut: !isWhole };
}

/** Two turns of a conversation. */
async function talkOver(user: VirtualUser, leavesAfter: number | undefined): Promise<void> {
  const channel = await user.open({ operation: 'chat', path: '/chat' });
  for (let turn = 0; turn < 2 && channel.open; turn++) {
    let parts = 0;
    channel.send('hello');
    for await (const _ of channel) if (++parts === leavesAfter) break;
    await user.think(0.05);
  }
  await channel.close();
}

interface Settings {
  readonly over?: 'sse' | 'websocket';
  readonly seed: number;
  readonly rate: number;
  readonly arrivals: 'uniform' | 'poisson' | 'gamma:0.5';
  readonly maxVUs: number;
  readonly leavesAfter?: number | undefined;
  readonly part?: { readonly index: number; readonly of: number };
}

async function record({ over = 'sse', seed, rate, arrivals, maxVUs, leavesAfter, part }: Settings) {
  const written = new WrittenRecord();
  const executor = { kind: 'constant-arrival-rate', rate, duration: '3s', arrivals, maxVUs } as const;
  const result = await virtualLoad(
    {
      seed,
      outputs: [written],
      ...(part === undefined ? {} : { part }),
      thresholds: { ttft: ['p(95)<100'], goodput: ['rate>0.9'], chunk_gap: ['p(99)<50'] },
      scenarios: [
        asking('talk', executor, {
          operations: [over === 'sse' ? CHAT : { ...CHAT, method: 'GET', stream: 'websocket' }],
          run: async (user) => {
            if (over === 'websocket') return talkOver(user, leavesAfter);
            let parts = 0;
            const stream = user.stream({ operation: 'chat', path: '/chat' });
            for await (const _ of stream) if (++parts === leavesAfter) break;
            await stream.response;
          },
        }),
      ],
    },
    over === 'sse' ? answer : converse,
  ).result();
  return { written, result };
}

function partOf({ written }: { readonly written: WrittenRecord }, name: string): PartRecord {
  return {
    name,
    info: parseRunInfo(written.head),
    snapshots: written.snapshots.map((line) => parseSnapshot(line)),
    end: parseRunEnd(written.end),
  };
}

/** Without the examples, which each thread chooses among its own streams. */
const measured = ({ operations }: RunResult) =>
  operations.map(({ streams, outcomes }) => ({ outcomes, streams: { ...streams, examples: undefined } }));

describe('the written record of a run with streams', () => {
  it('gives goodput, gaps, tokens and outcomes of the run, byte for byte', async () => {
    const truncated = { sse: 0, websocket: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          over: fc.constantFrom('sse' as const, 'websocket' as const),
          seed: fc.nat(1_000_000),
          rate: fc.integer({ min: 2, max: 30 }),
          arrivals: fc.constantFrom('uniform' as const, 'poisson' as const, 'gamma:0.5' as const),
          maxVUs: fc.integer({ min: 1, max: 20 }),
          leavesAfter: fc.constantFrom(undefined, 3),
        }),
        async (settings) => {
          const { written, result } = await record(settings);
          expect(JSON.stringify(written.replay())).toBe(JSON.stringify(result));
          truncated[settings.over] += result.totals.outcomes.truncated ?? 0;
        },
      ),
      { numRuns: 12 },
    );
    expect(truncated.sse).toBeGreaterThan(0);
    expect(truncated.websocket).toBeGreaterThan(0);
  });

  it.each(['sse', 'websocket'] as const)(
    'of several parts gives the sums of the whole: goodput, every quantile of gaps, tokens: %s',
    async (over) => {
      const settings = { over, seed: 4, rate: 40, arrivals: 'uniform', maxVUs: 500 } as const;
      const whole = (await record(settings)).result;
      const parts = await Promise.all(
        [0, 1, 2].map(async (index) =>
          partOf(await record({ ...settings, part: { index, of: 3 } }), `${index}`),
        ),
      );
      const merged = await mergeRecords('test-run', parts);
      expect(measured(merged)).toEqual(measured(whole));
      expect(merged.operations[0]!.streams!.goodput!.planned).toBe(
        over === 'sse' ? 120 : merged.operations[0]!.streams!.streams,
      );
      expect(merged.thresholds).toEqual(whole.thresholds);
    },
  );
});
