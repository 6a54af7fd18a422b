import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { Operation } from '../src/model/scenario.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const NEVER: ScriptedAnswer = { afterMs: Number.POSITIVE_INFINITY };
const chat: Operation = { name: 'chat.stream', method: 'POST', route: '/chat', stream: 'sse' };

/** Tokens at these times, and the end with the last one; without the end if `open`. */
function tokens(timesMs: readonly number[], open = false): ScriptedAnswer {
  const pieces = timesMs.map((atMs, at) => ({
    atMs,
    bytes: `data: a\n\n${at === timesMs.length - 1 && !open ? 'data: [DONE]\n\n' : ''}`,
  }));
  return { pieces: open ? [...pieces, { atMs: Number.POSITIVE_INFINITY, bytes: '' }] : pieces };
}

async function streamed(
  executor: ExecutorOptions,
  good: string,
  answer: (request: ScriptedRequest) => ScriptedAnswer,
  hangUpAfterMs?: number,
) {
  const result = await virtualLoad(
    {
      scenarios: [
        asking('chat', executor, {
          operations: [{ ...chat, good }],
          run: async (user) => {
            await user.stream({
              operation: 'chat.stream',
              path: '/chat',
              ...(hangUpAfterMs === undefined ? {} : { hangUpAfterMs }),
            }).response;
          },
          thresholds: { goodput: ['rate>0.95'] },
        }),
      ],
    },
    answer,
  ).result();
  return { ...result, streams: result.operations[0]!.streams! };
}

describe('streams that the end of the run interrupts', () => {
  it('are planned and not good where the target hangs, and could have raised the percentiles', async () => {
    const { streams, thresholds, totals, verdict } = await streamed(
      { kind: 'constant-arrival-rate', rate: 10, duration: '3s', maxVUs: 30, gracefulStop: '2s' },
      'ttft < 800 ms',
      ({ atMs }) => (atMs < 2499 ? tokens([100, 120]) : NEVER),
    );
    expect(totals).toMatchObject({ requests: 25, failed: 0, interrupted: 5 });
    expect(streams).toMatchObject({ leftWaiting: 5, goodput: { good: 25, planned: 30 } });
    expect(streams.ttft.uncertain).toEqual(expect.arrayContaining(['p90', 'p99']));
    expect(streams.ttlt.uncertain).toEqual(expect.arrayContaining(['p90', 'p99']));
    expect(streams.ttft.uncertain).not.toContain('p50');
    expect(thresholds.map(({ status }) => status)).toEqual(['fail']);
    expect(verdict.status).toBe('fail');
  });

  it('are not judged where they had met everything so far: the normal end of a closed load', async () => {
    const { streams, thresholds, totals } = await streamed(
      { kind: 'constant-vus', vus: 20, duration: '2s', gracefulStop: 0 },
      'ttft < 800 ms and longest gap < 200 ms and gap p99 < 100 ms and ttlt < 1 s and tpot < 60 ms',
      () => tokens([100, 150, 200, 250, 300, 350, 400, 450, 500, 550]),
    );
    expect(totals.interrupted).toBe(20);
    expect(streams.goodput).toMatchObject({ good: 60, planned: 60 });
    expect(thresholds.map(({ status }) => status)).toEqual(['pass']);
    // Each had content.
    expect(streams.leftWaiting).toBeUndefined();
    expect(streams.ttft.uncertain).toBeUndefined();
    expect(streams.ttlt.uncertain).toEqual(expect.arrayContaining(['p90', 'p99']));
  });

  it('after reasoning and before output could have raised the time to the first output', async () => {
    const decode: Operation['decode'] = ({ data }) =>
      data === '[DONE]' ? { kind: 'done' } : { kind: data === 'hm' ? 'reasoning' : 'token', text: data };
    const result = await virtualLoad(
      {
        scenarios: [
          asking(
            'chat',
            { kind: 'constant-arrival-rate', rate: 10, duration: '3s', maxVUs: 30, gracefulStop: '2s' },
            {
              operations: [{ ...chat, decode }],
              run: async (user) => {
                await user.stream({ operation: 'chat.stream', path: '/chat' }).response;
              },
            },
          ),
        ],
      },
      ({ atMs }) => ({
        pieces: [
          { atMs: 100, bytes: 'data: hm\n\n' },
          atMs < 2499
            ? { atMs: 200, bytes: 'data: a\n\ndata: [DONE]\n\n' }
            : { atMs: Number.POSITIVE_INFINITY, bytes: '' },
        ],
      }),
    ).result();
    const streams = result.operations[0]!.streams!;
    expect(streams.ttfo.count).toBe(25);
    expect(streams.ttft.uncertain).toBeUndefined();
    expect(streams.ttfo.uncertain).toEqual(expect.arrayContaining(['p90', 'p99']));
  });

  it.each([
    ['ttft < 800 ms', NEVER, true],
    ['ttft < 2 s', NEVER, false],
    ['ttft sent < 800 ms', NEVER, true],
    ['ttfo < 0.8 s', NEVER, true],
    ['ttft < 800 ms', tokens([900], true), true],
    ['longest gap < 200 ms', NEVER, false],
    ['longest gap < 200 ms', tokens([100], true), true],
    ['gap p100 < 200 ms', tokens([100], true), true],
    ['gap p99 < 200 ms', tokens([100, 400, 500], true), false],
    ['longest gap < 1 s', tokens([100], true), false],
    ['ttlt < 900 ms', tokens([100, 950], true), true],
    ['ttlt < 2 s', tokens([100, 950], true), false],
    ['tpot < 1 ms', tokens([100, 950], true), false],
  ])('by "%s" after a second, answered %j: counted %s', async (good, answer, isCounted) => {
    const { streams } = await streamed(
      { kind: 'constant-vus', vus: 1, duration: '1s', gracefulStop: 0 },
      good,
      () => answer,
    );
    if (isCounted) expect(streams.goodput).toMatchObject({ good: 0, planned: 1 });
    else expect(streams.goodput).toBeUndefined();
  });
});

describe('streams that their user leaves before the first content', () => {
  it('are planned and not good, and could have raised the time to it', async () => {
    const { streams, totals } = await streamed(
      { kind: 'per-vu-iterations', vus: 10, iterations: 1 },
      'ttft < 800 ms',
      ({ number }) => (number < 6 ? tokens([100]) : number < 8 ? tokens([100], true) : NEVER),
      700,
    );
    expect(totals.outcomes).toMatchObject({ ok: 6, hung_up: 4 });
    expect(streams).toMatchObject({ streams: 10, leftWaiting: 2, goodput: { good: 8, planned: 10 } });
    expect(streams.ttft.count).toBe(8);
    expect(streams.ttft.uncertain).toEqual(expect.arrayContaining(['p90', 'p99']));
    expect(streams.ttft.uncertain).not.toContain('p50');
  });
});
