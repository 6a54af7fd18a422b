import { describe, expect, it } from 'vitest';
import { CookieJar } from '../src/user/cookie-jar.ts';

const NOON = Date.UTC(2026, 10, 22, 12);

const API = 'https://api.jarvis.test';

function jar() {
  let nowMs = NOON;
  const cookies = new CookieJar(() => nowMs);
  return { cookies, later: (seconds: number) => void (nowMs += seconds * 1000) };
}

/** The `cookie` header of a request to `to`, after a response from `from` with these `set-cookie` headers. */
function sent(headers: readonly string[], to: string, from = '/login', origin = API): string | undefined {
  const { cookies } = jar();
  for (const header of headers) cookies.take(header, origin, from);
  return cookies.header(origin, to);
}

describe('a cookie', () => {
  it.each([
    ['is sent back as it came', ['sid=a%20b=c'], '/', 'sid=a%20b=c'],
    ['keeps its quotes', ['sid="a b"'], '/', 'sid="a b"'],
    ['takes the place of one of the same name', ['sid=1', 'sid=2'], '/', 'sid=2'],
    ['stands beside others, in the order they came', ['a=1', 'b=2'], '/', 'a=1; b=2'],
    ['may have no name', ['alone'], '/', 'alone'],
    ['that is empty is none', ['='], '/', undefined],
    ['with a control character is none', ['sid=a\u0007b'], '/', undefined],
  ])('%s', (_, headers, to, expected) => {
    expect(sent(headers, to)).toBe(expected);
  });

  it.each([
    ['Path=/api', '/api', true],
    ['Path=/api', '/api/chat?q=1', true],
    ['Path=/api', '/apis', false],
    ['Path=/api/', '/api/chat', true],
    ['Path=/api/', '/api', false],
    ['Path=/', '/anything', true],
    ['Path=', '/auth/me', true],
    ['Path=relative', '/other', false],
    ['', '/auth/me', true],
    ['', '/auth', true],
    ['', '/other', false],
  ])('set on /auth/login with "%s" goes to %s: %s', (attribute, to, goes) => {
    const header = attribute === '' ? 'sid=1' : `sid=1; ${attribute}`;
    expect(sent([header], to, '/auth/login?next=/x')).toBe(goes ? 'sid=1' : undefined);
  });

  it('of a longer path goes first', () => {
    expect(sent(['a=1; Path=/', 'a=2; Path=/api'], '/api/chat')).toBe('a=2; a=1');
  });

  it.each([
    ['https://api.jarvis.test', 'api.jarvis.test', true],
    ['https://api.jarvis.test', '.Jarvis.Test', true],
    ['https://api.jarvis.test', 'jarvis.test', true],
    ['https://api.jarvis.test', 'vis.test', false],
    ['https://api.jarvis.test', 'other.test', false],
    ['https://api.jarvis.test', 'v2.api.jarvis.test', false],
    ['http://127.0.0.1:8100', '127.0.0.1', true],
    ['http://127.0.0.1:8100', '0.0.1', false],
    ['http://[::1]:8100', '::1', true],
  ])('on %s with domain %s is taken: %s', (origin, domain, taken) => {
    expect(sent([`sid=1; Domain=${domain}; Path=/`], '/', '/', origin)).toBe(taken ? 'sid=1' : undefined);
  });

  it.each([
    ['sid=1; Secure', 'http://localhost:8100', undefined],
    ['sid=1; Secure', 'https://localhost:8100', 'sid=1'],
    ['__Secure-sid=1', 'https://localhost', undefined],
    ['__Secure-sid=1; Secure', 'https://localhost', '__Secure-sid=1'],
    ['__Host-sid=1; Secure; Path=/', 'https://localhost', '__Host-sid=1'],
    ['__Host-sid=1; Secure; Path=/; Domain=localhost', 'https://localhost', undefined],
    ['__Host-sid=1; Secure; Path=/api', 'https://localhost', undefined],
  ])('%s on %s', (header, origin, expected) => {
    expect(sent([header], '/', '/', origin)).toBe(expected);
  });

  it.each([
    ['Max-Age=60', 59, 61],
    ['Max-Age=60; Expires=Wed, 21 Oct 2015 07:28:00 GMT', 59, 61],
    ['Expires=Sun, 22 Nov 2026 12:01:00 GMT', 59, 61],
  ])('with %s lives until then', (attributes, before, after) => {
    for (const [seconds, expected] of [
      [before, 'sid=1'],
      [after, undefined],
    ] as const) {
      const { cookies, later } = jar();
      cookies.take(`sid=1; ${attributes}`, API, '/');
      later(seconds);
      expect(cookies.header(API, '/')).toBe(expected);
    }
  });

  it.each(['Max-Age=0', 'Max-Age=-1', 'Max-Age = -5; Path=/', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'with %s ends the one that there is',
    (attributes) => {
      expect(sent(['sid=1', `sid=; ${attributes}`], '/', '/')).toBeUndefined();
    },
  );

  it.each(['Expires=never', 'Max-Age=soon'])('with %s lives as long as the user', (attributes) => {
    const { cookies, later } = jar();
    cookies.take(`sid=1; ${attributes}`, API, '/');
    later(1e9);
    expect(cookies.header(API, '/')).toBe('sid=1');
  });
});

describe('a cookie set on one origin goes to another one', () => {
  it.each([
    ['sid=1', 'http://127.0.0.1:3001', 'http://127.0.0.1:3002', true],
    ['sid=1', 'http://127.0.0.1:3001', 'http://127.0.0.2:3001', false],
    ['sid=1', 'https://auth.jarvis.test', 'https://api.jarvis.test', false],
    ['sid=1; Domain=jarvis.test', 'https://auth.jarvis.test', 'https://api.jarvis.test', true],
    ['sid=1; Domain=jarvis.test', 'https://auth.jarvis.test', 'https://jarvis.test', true],
    ['sid=1; Domain=jarvis.test', 'https://auth.jarvis.test', 'https://notjarvis.test', false],
    ['sid=1; Domain=auth.jarvis.test', 'https://auth.jarvis.test', 'https://api.jarvis.test', false],
    ['sid=1; Domain=auth.jarvis.test', 'https://auth.jarvis.test', 'https://v2.auth.jarvis.test', true],
    ['sid=1; Secure', 'https://jarvis.test', 'http://jarvis.test', false],
    ['sid=1', 'https://jarvis.test', 'http://jarvis.test:81', true],
    ['__Host-sid=1; Secure; Path=/', 'https://jarvis.test', 'https://api.jarvis.test', false],
  ])('%s of %s, to %s: %s', (header, from, to, goes) => {
    const { cookies } = jar();
    cookies.take(`${header}; Path=/`, from, '/');
    expect(cookies.header(to, '/') !== undefined).toBe(goes);
  });

  it('one set without TLS does not take the place of a secure one', () => {
    const { cookies } = jar();
    cookies.take('sid=secure; Secure; Path=/', 'https://jarvis.test', '/');
    cookies.take('sid=plain; Path=/', 'http://jarvis.test', '/');
    cookies.take('sid=plain; Path=/a', 'http://jarvis.test', '/');
    cookies.take('other=plain; Path=/', 'http://jarvis.test', '/');
    expect(cookies.header('https://jarvis.test', '/a')).toBe('sid=secure; other=plain');
    expect(cookies.header('http://jarvis.test', '/a')).toBe('other=plain');
  });

  it('one for the host and one for its domain stay apart', () => {
    const { cookies } = jar();
    cookies.take('sid=domain; Domain=auth.jarvis.test', 'https://auth.jarvis.test', '/');
    cookies.take('sid=host', 'https://auth.jarvis.test', '/');
    expect(cookies.header('https://auth.jarvis.test', '/')).toBe('sid=domain; sid=host');
    expect(cookies.header('https://v2.auth.jarvis.test', '/')).toBe('sid=domain');
  });
});

it('keeps a bounded number of cookies, the newest', () => {
  const { cookies } = jar();
  for (let i = 0; i < 1000; i++) cookies.take(`c${i}=${i}`, API, '/');
  const kept = cookies.header(API, '/')!.split('; ');
  expect(kept).toHaveLength(180);
  expect(kept.at(-1)).toBe('c999=999');
});
