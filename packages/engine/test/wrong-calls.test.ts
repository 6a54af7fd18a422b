import { describe, expect, it } from 'vitest';
import type { VirtualUser } from '../src/model/scenario.ts';
import { virtualLoad } from './fixtures/virtual-load.ts';

/** A call as plain JavaScript makes it. */
type Untyped = Readonly<Record<keyof VirtualUser, (...given: readonly unknown[]) => unknown>>;

const SECRET = 'hunter2';

/** Makes one call, in one iteration: its error, and the requests that the target got. */
async function wrongCall(call: (user: Untyped) => unknown): Promise<{ error: string; sent: number }> {
  let error = 'none';
  const load = virtualLoad({
    warmUp: false,
    scenarios: [
      {
        name: 'shop',
        operations: [
          { name: 'POST /login', method: 'POST', route: '/login' },
          { name: 'GET /a', method: 'GET', route: '/a' },
          { name: 'GET /b', method: 'GET', route: '/b' },
        ],
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
        async run(user) {
          try {
            await call(user as never);
          } catch (cause) {
            error = (cause as Error).message;
          }
        },
      },
    ],
  });
  const { totals } = await load.result();
  return { error, sent: totals.requests };
}

class Fields {
  readonly json = 1;
  readonly password = SECRET;
}

/** Its headers would not be copied. */
class Session {
  readonly json = SECRET;
  get headers(): Record<string, string> {
    return { authorization: SECRET };
  }
}

class Empty {
  get json(): number {
    return 1;
  }
}

describe('the second argument of a short form', () => {
  const form = new FormData();
  form.set('password', SECRET);
  it.each([
    ['a value of class URLSearchParams', new URLSearchParams({ password: SECRET })],
    ['a value of class FormData', form],
    ['a value of class Buffer', Buffer.from(SECRET)],
    ['a value of class Blob', new Blob([SECRET])],
    ['a value of class Map', new Map([['password', SECRET]])],
    ['a string', JSON.stringify({ password: SECRET })],
    ['a list', [SECRET]],
    ['a promise (await it first)', Promise.resolve({ json: SECRET })],
    ['a value of class Fields', new Fields()],
    ['a value of class Empty', new Empty()],
    ['a value of class Session', new Session()],
  ])('is an object of options: %s is an error, and nothing is sent', async (kind, given) => {
    const { error, sent } = await wrongCall((user) => user.post('/login', given));
    expect(error).toBe(
      `scenario "shop" calls user.post with ${kind} as the second argument; expected { json: value }, { form: { name: value } } or { body: ... } (text, bytes, URLSearchParams, FormData).`,
    );
    expect(sent).toBe(0);
  });

  it('may be missing, have no prototype, or be of a class with parts of a request alone', async () => {
    const bare: unknown = Object.assign(Object.create(null), { json: 1 });
    const made = new (class Login {
      readonly json = { password: SECRET };
      readonly headers = { accept: 'text/html' };
    })();
    for (const given of [undefined, null, bare, made]) {
      expect(await wrongCall((user) => user.post('/login', given))).toEqual({ error: 'none', sent: 1 });
    }
  });

  it('is the last: headers in a third one, as in k6, are an error', async () => {
    const headers = { headers: { authorization: SECRET } };
    const { error, sent } = await wrongCall((user) => user.post('/login', '{}', headers));
    expect(error).toContain('calls user.post with a string as the second argument; expected { json');
    expect(error).toMatch(/, with its headers in the same object\.$/);
    expect(error).not.toContain(SECRET);
    expect(sent).toBe(0);
    const further = await wrongCall((user) => user.get('/a', {}, headers));
    expect(further.error).toContain('calls user.get with three arguments; expected { query: ');
    expect(further.sent).toBe(0);
  });
});

describe('an argument too many', () => {
  it.each([
    ['request', (user: Untyped) => user.request({ operation: 'GET /a' }, { headers: {} })],
    ['stream', (user: Untyped) => user.stream({ operation: 'GET /a' }, { headers: {} })],
    ['open', (user: Untyped) => user.open({ operation: 'GET /a' }, { headers: {} })],
    ['check', (user: Untyped) => user.check({}, { ok: () => true }, { page: 'cart' })],
    ['random', (user: Untyped) => user.random(1, 6)],
  ])('of user.%s is an error that says where it belongs', async (method, call) => {
    const { error, sent } = await wrongCall(call);
    expect(error).toMatch(
      new RegExp(`^scenario "shop" calls user\\.${method} with an argument too many; expected .+\\.$`),
    );
    expect(sent).toBe(0);
  });

  it('of user.think is an error with the form of a range', async () => {
    const { error } = await wrongCall((user) => user.think(1, 3));
    expect(error).toMatch(
      /^scenario "shop" thinks for 1 and 3; expected .* user\.think\(\{ min: 1, max: 3 \}\)\.$/,
    );
    const text = await wrongCall((user) => user.think(1, 'check-out'));
    expect(text.error).toMatch(/thinks for 1 and 'check-out'; expected .* or \{ min, max \} of such\.$/);
  });
});

describe('a batch of requests that were sent already', () => {
  it('is an error that names the form of a batch', async () => {
    const { error } = await wrongCall((user) => user.batch([user.get('/a'), user.get('/b')]));
    expect(error).toMatch(
      /^scenario "shop" batches a promise; expected requests that are not sent yet: user\.batch\(\[/,
    );
    expect(error).toMatch(/, without user\.get\(\.\.\.\)\.$/);
  });
});
