import { describe, expect, it } from 'vitest';
import { decodeFailure } from '../src/index.ts';
import { fakeResponse } from './fake-response.ts';

describe('decodeFailure', () => {
  it.each([
    [
      'documented A, with retry_after',
      {
        status: 429,
        json: { error: 'Rate limit', message: 'Slow down', code: 'RATE_LIMIT_ERROR', retry_after: 60 },
      },
      { code: 'RATE_LIMIT_ERROR', message: 'Slow down', retryAfterSeconds: 60, format: 'documented-a' },
    ],
    [
      'documented B, with details',
      {
        status: 400,
        json: {
          status: 'error',
          code: 'VALIDATION',
          message: 'Bad',
          details: { field: 'content', reason: 'empty' },
        },
      },
      {
        code: 'VALIDATION',
        message: 'Bad (content: empty)',
        retryAfterSeconds: undefined,
        format: 'documented-b',
      },
    ],
    [
      "the core's 401",
      { status: 401, json: { error: 'Token expired', code: 'UNAUTHORIZED' } },
      { code: 'UNAUTHORIZED', message: 'Token expired', format: 'core-json' },
    ],
    [
      "the core's plain text",
      { status: 429, text: 'Too many login attempts. Please try again later.' },
      { code: 'http_429', message: 'Too many login attempts. Please try again later.', format: 'text' },
    ],
    ["the core's empty body", { status: 404 }, { code: 'http_404', message: 'empty body', format: 'empty' }],
    [
      'a page of a proxy',
      { status: 502, text: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } },
      { code: 'http_502', message: '<html>Bad gateway</html>', format: 'other' },
    ],
    [
      'no answer at all',
      {
        status: 0,
        outcome: 'connection_error' as const,
        error: { code: 'ECONNREFUSED', message: 'connect refused' },
      },
      { code: 'ECONNREFUSED', message: 'connect refused', format: 'none' },
    ],
  ])('reads %s', (_name, parts, expected) => {
    expect(decodeFailure(fakeResponse(parts))).toMatchObject(expected);
  });

  it('reads Retry-After in seconds and as a date, and the body wins', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    const read = (headers: Record<string, string>, json?: unknown) =>
      decodeFailure(fakeResponse({ status: 429, headers, ...(json === undefined ? {} : { json }) }), now)
        .retryAfterSeconds;
    expect(read({ 'retry-after': '7' })).toBe(7);
    expect(read({ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' })).toBe(30);
    expect(read({ 'retry-after': 'soon' })).toBeUndefined();
    expect(read({ 'retry-after': '7' }, { error: 'e', message: 'm', code: 'c', retry_after: 60 })).toBe(60);
  });

  it('reads the X-RateLimit headers', () => {
    const headers = {
      'x-ratelimit-limit': '60',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1767225600',
    };
    expect(decodeFailure(fakeResponse({ status: 429, headers })).rateLimit).toEqual({
      limit: 60,
      remaining: 0,
      resetAtSeconds: 1_767_225_600,
    });
    expect(decodeFailure(fakeResponse({ status: 429 })).rateLimit).toBeUndefined();
  });

  it('cuts a message far behind what is shown of it, so that a secret is whole where it is redacted', () => {
    const read = (text: string) => decodeFailure(fakeResponse({ status: 500, text })).message;
    expect(read('x'.repeat(10_000))).toHaveLength(10_000);
    expect(read('x'.repeat(20_000))).toHaveLength(16_000);
  });
});
