import { Redactor } from '@jarvis-load/engine';
import type { Exchange, LoadResponse } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { exchangeText } from '../src/output/exchange-text.ts';

function exchange(changes: Partial<LoadResponse>, spec: Partial<Exchange['spec']> = {}): Exchange {
  const text = changes.text?.() ?? '';
  const response = {
    operation: 'chat.send',
    status: 200,
    outcome: 'ok',
    error: undefined,
    headers: { 'content-type': 'text/plain' },
    timings: { responseTimeMs: 12.34 },
    json: () => undefined,
    text: () => text,
    bytes: () => new TextEncoder().encode(text),
    ...changes,
  } as LoadResponse;
  return {
    scenario: 'chat',
    phase: 'run',
    user: 1,
    spec: { operation: 'chat.send', path: '/api/chat', ...spec },
    method: 'POST',
    url: 'http://127.0.0.1/api/chat?q=a&access_token=abcdef',
    headers: { authorization: 'Bearer abc' },
    body: sentBody(spec),
    response,
  };
}
function sentBody({ json, body }: Partial<Exchange['spec']>): Exchange['body'] {
  if (json !== undefined) return JSON.stringify(json);
  return typeof body === 'string' || body instanceof Uint8Array ? body : null;
}

const show = (one: Exchange) => exchangeText(one, new Redactor(['hunter22']));

describe('exchangeText', () => {
  it('shows request and answer, without secrets', () => {
    expect(show(exchange({ json: () => ({ token: 'abc', text: 'hunter22' }) }, { json: { password: 'p' } })))
      .toMatchInlineSnapshot(`
      "> [chat, run] chat.send: POST http://127.0.0.1/api/chat?q=a&access_token=***
          authorization: ***
          {
            "password": "***"
          }
      < 200 ok, 12.3 ms
          content-type: text/plain
          {
            "token": "***",
            "text": "***"
          }
      "
    `);
  });

  it('cuts long strings and says how long they were', () => {
    const shown = show(exchange({ json: () => ({ audio: 'A'.repeat(50_000) }) }));
    expect(shown).toContain(`"audio": "${'A'.repeat(60)}... (49 KiB)"`);
  });

  it('finds secrets that removed characters split, also in what is cut', () => {
    const split = 'hun\u200bter22';
    const long = `${'a'.repeat(54)}${split}${'b'.repeat(200)}`;
    const shown = [
      show(exchange({ text: () => split, headers: { 'content-type': 'text/plain', 'x-a': split } })),
      show(exchange({ json: () => ({ a: split, [split]: 1, long }) }, { json: { b: split } })),
      show({ ...exchange({}), url: `http://127.0.0.1/${split}` }),
      show(exchange({ text: () => `${'a'.repeat(3996)}${split}${'b'.repeat(200)}` })),
    ];
    for (const text of shown) expect(text).not.toMatch(/hun/);
  });

  it('shows JSON as it was sent, and counts the bytes of an answer as they came', () => {
    const at = new Date(0);
    expect(show(exchange({}, { json: { at } }))).toContain('"at": "1970-01-01T00:00:00.000Z"');
    const bytes = new Uint8Array([0xff, 0xfe, 0xfd]);
    const headers = { 'content-type': 'audio/wav' };
    const binary = { headers, text: () => new TextDecoder().decode(bytes), bytes: () => bytes };
    expect(show(exchange(binary))).toContain('(3 bytes of audio/wav)');
  });

  it('says why there is no answer', () => {
    const error = { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' };
    expect(show(exchange({ status: 0, outcome: 'connection_error', error }))).toContain(
      '< no answer: ECONNREFUSED connect ECONNREFUSED',
    );
  });

  it('lets no text of a target write to the terminal', () => {
    const hostile = 'a\u001b[2Jb\u001b]0;title\u0007c\u202ed\r\ne\u009b31mf';
    const shown = show(
      exchange({ text: () => hostile, headers: { 'x-a': hostile, 'content-type': 'text/plain' } }),
    );
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be shown
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(shown).toContain('x-a: abcd ef');
  });

  it('takes a query that is no UTF-8', () => {
    const url = 'http://127.0.0.1/a?%ff=1&access%5Ftoken=abcdef&%zz=2';
    expect(show({ ...exchange({}), url })).toContain('/a?%ff=1&access%5Ftoken=***&%zz=2');
  });
});
