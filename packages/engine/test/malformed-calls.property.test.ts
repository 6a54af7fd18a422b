import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/errors.ts';
import type { RequestSpec, VirtualUser } from '../src/model/scenario.ts';
import { junk, operation } from './fixtures/junk.ts';
import { virtualLoad } from './fixtures/virtual-load.ts';

/** Calls `act` with one input per iteration; returns the errors thrown, in order. */
async function errorsOf<Input>(
  inputs: readonly Input[],
  act: (user: VirtualUser, input: Input) => Promise<unknown>,
): Promise<unknown[]> {
  const thrown: unknown[] = [];
  const load = virtualLoad({
    scenarios: [
      {
        name: 'chat',
        operations: [operation()],
        metrics: [{ name: 'words', kind: 'trend' }],
        executor: {
          kind: 'per-vu-iterations',
          iterations: inputs.length,
          maxDuration: '20d',
          gracefulStop: 0,
        },
        run: async (user) => {
          try {
            await act(user, inputs[user.iteration]!);
            thrown.push(undefined);
          } catch (error) {
            thrown.push(error);
          }
        },
      },
    ],
  });
  await load.result();
  return thrown;
}

const ASK: RequestSpec = { operation: 'ask', path: '/ask' };

describe('what scenario code passes', () => {
  const calls: readonly [string, (user: VirtualUser, input: unknown) => Promise<unknown>][] = [
    ['a request', (user, input) => user.request(input as RequestSpec)],
    ...(['operation', 'path', 'headers', 'json', 'body', 'timeoutMs'] as const).map(
      (name): [string, (user: VirtualUser, input: unknown) => Promise<unknown>] => [
        `a request's ${name}`,
        (user, input) => user.request({ ...ASK, [name]: input }),
      ],
    ),
    ['a header', (user, input) => user.request({ ...ASK, headers: { 'x-own': input } as never })],
    ['tags', (user, input) => Promise.resolve(user.record('words', 1, input as never))],
    ['checks', async (user, input) => user.check(await user.request(ASK), input as never)],
  ];
  it.each(calls)('is accepted, or refused with an EngineError: %s', async (what, call) => {
    const inputs = fc.sample(junk, { numRuns: 200, seed: 7 });
    const errors = (await errorsOf(inputs, call)).filter((error) => error !== undefined);
    // Functions of checks may return or throw anything.
    if (what === 'checks') return;
    for (const error of errors) expect(error).toBeInstanceOf(EngineError);
    if (!/json|tags/.test(what)) expect(errors.length).toBeGreaterThan(100);
  });

  it('as a time to think is a wait of that length, or an EngineError', async () => {
    const good = [0, 0.5, 3, { min: 1, max: 2 }, { min: 0, max: 0 }];
    const bad = [
      NaN,
      -1,
      Infinity,
      1e10,
      '2',
      null,
      undefined,
      {},
      { min: 1 },
      { from: 1, to: 2 },
      { min: 2, max: 1 },
    ];
    const worse = [{ min: 1, max: 2, mean: 1 }, { min: '1', max: '2' }, [1, 2], new Date(), true];
    const errors = await errorsOf([...good, ...bad, ...worse], (user, input) => user.think(input as never));
    expect(errors.slice(0, good.length)).toEqual(good.map(() => undefined));
    for (const error of errors.slice(good.length)) {
      expect(error).toBeInstanceOf(EngineError);
      expect((error as Error).message).toMatch(/^scenario "chat" thinks for /);
    }
  });

  it.each([
    [{ timeout: 5 }, "has 'timeout', which is not part of a request. It is 'timeoutMs' here."],
    [{ pth: '/x' }, "Did you mean 'path'?"],
    [{ timeoutMs: '5' }, "timeoutMs '5'"],
    [{ redirects: 3 }, 'redirects 3; expected true, false, or { most: 10 }'],
    [{ redirects: 'no' }, "redirects 'no'"],
    [{ redirects: { max: 3 } }, 'redirects {"max":3}'],
    [{ redirects: { most: 0 } }, 'redirects {"most":0}'],
    [
      { hangUpAfterMs: 2 ** 31 },
      'hangUpAfterMs 2147483648; expected milliseconds above 0, at most 2147483647',
    ],
    [{ hangUpAfterMs: '5' }, "hangUpAfterMs '5'"],
    [{ headers: new Headers({ a: 'b' }) }, 'not a plain object'],
    [{ headers: { a: 5 } }, 'value of header "a"'],
    [{ headers: { 'a b': 'x' } }, 'the header name "a b"'],
    [{ headers: { a: '日本' } }, 'nothing beyond Latin-1'],
    [{ path: '/a#b' }, '%23'],
    [{ path: '/a b' }, 'without spaces'],
    [{ path: '/\ud83d' }, 'without unpaired surrogates'],
  ])('is named in the error: %j', async (parts, message) => {
    const [error] = await errorsOf([parts], (user, input) =>
      user.request({ ...ASK, ...input } as RequestSpec),
    );
    expect(error).toMatchObject({ code: 'invalid-request' });
    expect((error as Error).message).toContain(message);
  });

  it('to a check is an answer and functions, whose own answer is there at once', async () => {
    const errors = await errorsOf<(user: VirtualUser) => Promise<unknown>>(
      [
        async (user) =>
          user.check(await user.request(ASK), { never: (() => Promise.resolve(true)) as never }),
        async (user) =>
          user.check(await user.request(ASK), { never: (() => Promise.reject(new Error())) as never }),
        (user) => {
          const answer = user.request(ASK);
          return answer.then(() => user.check(answer, { ok: () => true } as never));
        },
        async (user) => user.check(await user.request(ASK), undefined as never),
      ],
      (user, act) => act(user),
    );
    expect(
      errors.map((error) => (error as Error).message.replace(/^scenario "chat":? /, '').slice(0, 40)),
    ).toEqual([
      "check 'never' is asynchronous; expected ",
      "check 'never' is asynchronous; expected ",
      'checks a promise; expected the response:',
      'checks undefined; expected an object of ',
    ]);
  });
});
