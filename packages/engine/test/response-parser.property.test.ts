import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerError } from '../src/transport/failure.ts';
import { fieldsOf } from '../src/transport/head.ts';
import { ResponseParser } from '../src/transport/http1/response-parser.ts';

interface Answer {
  status: number;
  fields: Record<string, string>;
  body: string;
}

interface Reading {
  readonly answers: Answer[];
  /** Code of the failure. */
  failure: string | undefined;
  keepAlive: boolean;
  /** Whether the end of the connection ended a response. */
  closed: boolean;
}

/** Parses bytes that arrive in these pieces; each response starts the next request. */
function read(pieces: readonly Buffer[], noBody = false): Reading {
  const reading: Reading = { answers: [], failure: undefined, keepAlive: true, closed: false };
  // One buffer, overwritten by each read, as in the transport.
  const buffer = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)));
  let status = 0;
  let fields = '';
  let body: Buffer[] = [];
  const parser = new ResponseParser({
    onInterim: () => undefined,
    onHead: (code, lines) => {
      status = code;
      fields = lines;
    },
    onBody: (bytes, start, end) => body.push(Buffer.from(bytes.subarray(start, end))),
    onResponseEnd: () => {
      reading.answers.push({
        status,
        fields: fieldsOf(fields),
        body: Buffer.concat(body).toString('latin1'),
      });
      body = [];
    },
  });
  parser.expect(noBody);
  try {
    for (const piece of pieces) {
      buffer.fill(0x2a);
      piece.copy(buffer);
      parser.push(buffer, piece.length);
    }
    reading.closed = parser.close();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    reading.failure = error.code;
  }
  reading.keepAlive = parser.keepAlive;
  return reading;
}

/** Splits the bytes at these shares of their length. */
function cut(bytes: Buffer, shares: readonly number[]): Buffer[] {
  const places = [...new Set(shares.map((share) => Math.floor(share * bytes.length)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

const name = fc.stringMatching(/^x-[a-zA-Z0-9!#$%&'*+.^_`|~-]{0,12}$/);
const value = fc.stringMatching(/^(?:[!-~\xa0-\xff](?:[\t -~\xa0-\xff]{0,30}[!-~\xa0-\xff])?)?$/);
const text = fc.string({
  maxLength: 300,
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
});
const status = fc.integer({ min: 200, max: 599 }).filter((code) => code !== 204 && code !== 304);
const shares = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 12 });

interface Written {
  readonly bytes: Buffer;
  readonly answer: Answer;
  readonly framing: 'length' | 'chunked' | 'close';
}

/** A response as a server might write it, and the expected result of parsing it. */
const written: fc.Arbitrary<Written> = fc
  .record({
    status,
    reason: value,
    fields: fc.uniqueArray(fc.tuple(name, value), { maxLength: 6, selector: ([key]) => key.toLowerCase() }),
    body: text,
    framing: fc.constantFrom('length', 'chunked', 'close'),
    chunks: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }),
    extension: fc.constantFrom('', ';a=b', ';q="x y"'),
    trailer: fc.constantFrom('', 'x-sum: 1\r\n', 'a: b\r\nc: d\r\n'),
    interim: fc.constantFrom(
      '',
      'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
    ),
  })
  .map((parts) => {
    const { framing, body } = parts;
    const lines = parts.fields.map(([key, text_]) => `${key}: ${text_}\r\n`).join('');
    const head = `${parts.interim}HTTP/1.1 ${parts.status} ${parts.reason}\r\n${lines}`;
    const framed =
      framing === 'length'
        ? `Content-Length: ${body.length}\r\n\r\n${body}`
        : framing === 'close'
          ? `\r\n${body}`
          : `Transfer-Encoding: chunked\r\n\r\n${chunked(body, parts.chunks, parts.extension)}0${parts.extension}\r\n${parts.trailer}\r\n`;
    const fields: Record<string, string> = Object.fromEntries(
      parts.fields.map(([key, text_]) => [key.toLowerCase(), text_.replaceAll(/^[ \t]+|[ \t]+$/g, '')]),
    );
    if (framing === 'length') fields['content-length'] = `${body.length}`;
    if (framing === 'chunked') fields['transfer-encoding'] = 'chunked';
    return {
      bytes: Buffer.from(head + framed, 'latin1'),
      answer: { status: parts.status, fields, body },
      framing,
    };
  });

function chunked(body: string, sizes: readonly number[], extension: string): string {
  let out = '';
  let at = 0;
  for (let k = 0; at < body.length; k++) {
    const part = body.slice(at, at + (sizes[k] ?? body.length));
    out += `${part.length.toString(16)}${extension}\r\n${part}\r\n`;
    at += part.length;
  }
  return out;
}

describe('an answer, however it is cut', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(written, shares, ({ bytes, answer, framing }, places) => {
        const reading = read(cut(bytes, places));
        expect(reading.failure).toBeUndefined();
        expect(reading.answers.map((one) => ({ ...one, fields: { ...one.fields } }))).toEqual([answer]);
        expect(reading.closed).toBe(framing === 'close');
        expect(reading.keepAlive).toBe(framing !== 'close');
      }),
      { numRuns: 1000 },
    );
  });

  it('is whole at its last byte, and not before', () => {
    fc.assert(
      fc.property(
        written.filter(({ framing }) => framing !== 'close'),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        ({ bytes }, share) => {
          expect(read([bytes]).answers).toHaveLength(1);
          expect(read([bytes.subarray(0, Math.floor(share * bytes.length))]).answers).toHaveLength(0);
        },
      ),
    );
  });

  it('has no body where it answers HEAD', () => {
    fc.assert(
      fc.property(written, ({ bytes, answer }) => {
        const head = bytes.subarray(
          0,
          bytes.indexOf('\r\n\r\n', bytes.indexOf(`HTTP/1.1 ${answer.status}`)) + 4,
        );
        expect(read([head], true).answers).toMatchObject([{ status: answer.status, body: '' }]);
      }),
    );
  });

  it('gives a response, waits for more, or fails with a reason, for any bytes', () => {
    fc.assert(
      fc.property(
        written,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
        shares,
        ({ bytes }, changes, places) => {
          const changed = Buffer.from(bytes);
          for (const [place, byte] of changes) changed[place % changed.length] = byte;
          const whole = read([changed]);
          expect([undefined, 'invalid_http', 'headers_too_large']).toContain(whole.failure);
          // The split must not change the result, except how early a failure is detected.
          const pieces = read(cut(changed, places));
          expect({ ...pieces, keepAlive: 0 }).toEqual({ ...whole, keepAlive: 0 });
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("beside Node's own client", () => {
  it('reads the same', async () => {
    const samples = fc.sample(written, 60);
    let next = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(samples[next]!.bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (; next < samples.length; next++) {
      const theirs = await new Promise<Answer>((resolve, reject) => {
        const asking = request({ port, host: '127.0.0.1', path: '/', agent: false }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const fields = Object.fromEntries(
              Object.entries(response.headers).map(([key, all]) => [key, String(all)]),
            );
            resolve({ status: response.statusCode!, fields, body: Buffer.concat(chunks).toString('latin1') });
          });
        });
        asking.on('error', reject);
        asking.end();
      });
      const [ours] = read([samples[next]!.bytes]).answers;
      expect({ ...ours, fields: { ...ours!.fields } }).toEqual(theirs);
    }
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('what is no answer', () => {
  const cases: Record<string, string> = {
    'another protocol': 'SSH-2.0-OpenSSH_9.2\r\n',
    'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
    'a status below 100': 'HTTP/1.1 099 OK\r\n\r\n',
    'HTTP/2 in words': 'HTTP/2.0 200 OK\r\n\r\n',
    'a line without a colon': 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
    'a blank before the colon': 'HTTP/1.1 200 OK\r\na : b\r\n\r\n',
    'a first line that is folded': 'HTTP/1.1 200 OK\r\n a: b\r\n\r\n',
    'lines that end without CR': 'HTTP/1.1 200 OK\na: b\n\n',
    'a NUL in a value': 'HTTP/1.1 200 OK\r\na: \0\r\n\r\n',
    'a length that is no number': 'HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n',
    'a length with a blank that is none': 'HTTP/1.1 200 OK\r\ncontent-length: \xa01\r\n\r\na',
    'a length below zero': 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n',
    'a length beyond all measure': `HTTP/1.1 200 OK\r\ncontent-length: ${'9'.repeat(20)}\r\n\r\n`,
    'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    'a length and chunks': 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
    'a chunk without a size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n',
    'a chunk size that is not a number': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1x\r\n',
    'a chunk size that is too large':
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffff\r\n',
    'a chunk longer than its size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n',
    'a protocol that nobody asked for': 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n',
  };
  it.each(Object.entries(cases))('%s', (_what, bytes) => {
    expect(read([Buffer.from(bytes, 'latin1')])).toMatchObject({ answers: [], failure: 'invalid_http' });
    // Also one byte at a time.
    expect(read([...Buffer.from(bytes, 'latin1')].map((byte) => Buffer.from([byte])))).toMatchObject({
      answers: [],
      failure: 'invalid_http',
    });
  });

  it('too much of a head, of chunk extensions and of trailers', () => {
    const much = 'x'.repeat(20_000);
    for (const bytes of [
      `HTTP/1.1 200 OK\r\na: ${much}\r\n\r\n`,
      `HTTP/1.1 200 OK\r\na: ${much}`,
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${much}\r\n`,
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: ${much}\r\n`,
      // Chunk by chunk, each below the limit.
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${`1;${'x'.repeat(2000)}\r\na\r\n`.repeat(20)}0\r\n\r\n`,
    ]) {
      expect(read([Buffer.from(bytes)])).toMatchObject({ answers: [], failure: 'headers_too_large' });
    }
  });
});

it('a blank before a chunk extension is read over, as RFC 9112 (7.1.1) asks', () => {
  const bytes = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2 ; a=b\r\nab\r\n0\t;c\r\n\r\n';
  expect(read([Buffer.from(bytes)])).toMatchObject({ answers: [{ body: 'ab' }], keepAlive: true });
});

it('a folded line is one value, that of a transfer coding too', () => {
  const bytes = 'HTTP/1.1 200 OK\r\ntransfer-encoding:\r\n\tchunked\r\n\r\n2\r\nab\r\n0\r\n\r\n';
  expect(read([Buffer.from(bytes)])).toMatchObject({ answers: [{ body: 'ab' }], keepAlive: true });
});

it('many chunks may each have an extension, and a size with zeros in front', () => {
  const chunk = `0000000000000001;chunk-signature=${'5'.repeat(64)}\r\na\r\n`;
  const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
  const reading = read([Buffer.from(`${head}${chunk.repeat(1000)}0\r\n\r\n`)]);
  expect(reading).toMatchObject({ answers: [{ body: 'a'.repeat(1000) }], keepAlive: true });
});

describe('whether the connection goes on', () => {
  const answer = (version: string, fields: string): Reading =>
    read([Buffer.from(`HTTP/${version} 200 OK\r\ncontent-length: 0\r\n${fields}\r\n`)]);

  it.each([
    ['1.1', '', true],
    ['1.1', 'connection: close\r\n', false],
    ['1.1', 'Connection: x, Close\r\n', false],
    ['1.1', 'connection: keep-alive\r\n', true],
    ['1.1', 'connection: close\r\nconnection: keep-alive\r\n', false],
    ['1.1', 'connection: close, keep-alive\r\n', false],
    ['1.1', 'connection:\r\n close\r\n', false],
    ['1.0', '', false],
    ['1.0', 'connection: Keep-Alive\r\n', true],
  ])('HTTP/%s with %j: %s', (version, fields, keepAlive) => {
    expect(answer(version, fields)).toMatchObject({ answers: [{ status: 200 }], keepAlive });
  });

  it('not after more bytes than the answer has', () => {
    const bytes = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab';
    expect(read([Buffer.from(bytes)])).toMatchObject({ answers: [{ body: 'a' }], keepAlive: false });
  });

  it('a body without a length ends with the connection', () => {
    const reading = read([Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nabc')]);
    expect(reading).toMatchObject({ answers: [{ body: 'abc' }], keepAlive: false, closed: true });
  });
});
