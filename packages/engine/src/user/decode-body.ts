import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { valuesOf } from '../transport/head.ts';
import { reasonOf } from '../show.ts';

/** Most bytes of a decoded body: a small one may decode to gigabytes. */
const MOST_BYTES = 256 * 1024 * 1024;
const LIMIT = { maxOutputLength: MOST_BYTES };

/** Names of headers have no case. */
const ENCODING = /^content-encoding:/im;

/** Whether a response head has `content-encoding`; a search in text, as most have not. */
export function isEncoded(head: string): boolean {
  return ENCODING.test(head);
}

/**
 * Undoes the encodings of a body, the last one first (RFC 9110, 8.4).
 * @throws Error that names the encoding, for an unknown one, and for a body that is not in it or decodes to more than 256 MiB
 */
export function decodeBody(head: string, body: Uint8Array): Uint8Array {
  const encodings = valuesOf(head, 'content-encoding')
    .join(',')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  // An answer to HEAD names an encoding, and has no body.
  if (body.length === 0) return body;
  return encodings.reduceRight(undo, body);
}

function undo(body: Uint8Array, encoding: string): Uint8Array {
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, LIMIT);
      case 'br':
        return brotliDecompressSync(body, LIMIT);
      case 'deflate':
        // Some servers send the data without the zlib header (RFC 9110, 8.4.1.2); 8 is its method.
        return (body[0]! & 15) === 8 ? inflateSync(body, LIMIT) : inflateRawSync(body, LIMIT);
    }
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new Error(`the body cannot be decoded as ${encoding}: ${reason}`, { cause });
  }
  throw new Error(`the body has the content-encoding ${encoding}; expected gzip, deflate or br`);
}
