import { randomBytes } from 'node:crypto';
import type { BodyFile, StreamedBody } from '../model/flight.ts';
import type { Multipart, MultipartValue, RequestOptions } from '../model/request-spec.ts';
import { show } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';
import type { EncodedContent } from './expand-request.ts';

const DEFAULT_TYPE = 'application/octet-stream';

/**
 * Encodes `multipart`, `FormData`, `URLSearchParams`, `Blob` and files (`file('./a.wav')`); `undefined` for any other body.
 *
 * Must hold: `expandRequest` has refused a request with two bodies. Content of a file or `Blob` is not read here, but while the
 * request is sent (`write-body.ts`), each time anew.
 * @throws RequestProblem
 */
export function encodeContent({ multipart, body }: RequestOptions): EncodedContent | undefined {
  if (multipart !== undefined) return encodeMultipart(multipart);
  if (body instanceof FormData) return encodeParts([...body]);
  if (body instanceof URLSearchParams) {
    return { body: body.toString(), contentType: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (isFile(body)) return { body: { parts: [body] }, contentType: body.type || DEFAULT_TYPE };
  return undefined;
}

/** Bytes of a body: the length that is announced. `writeBody` holds the files of the body to it. */
export function bytesOf(body: string | Uint8Array | StreamedBody | null): number {
  if (body === null) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.length;
  return body.parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part.size), 0);
}

function encodeMultipart(multipart: Multipart): EncodedContent {
  if (typeof multipart !== 'object' || (multipart as unknown) === null) {
    throw new RequestProblem(`has multipart ${show(multipart)}; expected parts by name`);
  }
  return encodeParts(
    Object.entries(multipart).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const values = (Array.isArray(value) ? value : [value]) as readonly MultipartValue[];
      return values.map((each) => [name, each] as const);
    }),
  );
}

/** multipart/form-data (RFC 7578). */
function encodeParts(fields: readonly (readonly [string, MultipartValue])[]): EncodedContent {
  const boundary = `jarvis-load-${randomBytes(12).toString('hex')}`;
  const parts: (Uint8Array | BodyFile)[] = [];
  for (const [name, value] of fields) {
    const { content, attributes } = partOf(name, value);
    const disposition = `content-disposition: form-data; name="${quoted(name)}"${attributes}`;
    parts.push(Buffer.from(`--${boundary}\r\n${disposition}\r\n\r\n`), content, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  const contentType = `multipart/form-data; boundary=${boundary}`;
  const inMemory = parts.every((part) => part instanceof Uint8Array);
  return { body: inMemory ? Buffer.concat(parts) : { parts }, contentType };
}

function partOf(
  name: string,
  value: MultipartValue,
): { readonly content: Uint8Array | BodyFile; readonly attributes: string } {
  if (isFile(value)) {
    return { content: value, attributes: fileAttributes(value.name ?? 'blob', value.type || DEFAULT_TYPE) };
  }
  if (typeof value === 'object' && (value as unknown) !== null && 'content' in value) {
    const { content, name: fileName, type = DEFAULT_TYPE } = value;
    const isNamed = typeof fileName === 'string' && typeof type === 'string';
    if (isNamed && (typeof content === 'string' || content instanceof Uint8Array)) {
      return {
        content: typeof content === 'string' ? Buffer.from(content) : content,
        attributes: fileAttributes(fileName, type),
      };
    }
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { content: Buffer.from(String(value)), attributes: '' };
  }
  throw new RequestProblem(
    `has multipart.${name} ${show(value)}; expected text, a number, file('./a.wav'), a Blob, or { content, name, type }`,
  );
}

function fileAttributes(name: string, type: string): string {
  if (/[\r\n]/.test(type)) throw new RequestProblem('has a part with a line break in its type');
  return `; filename="${quoted(name)}"\r\ncontent-type: ${type}`;
}

/**
 * Escapes names of parts and files as browsers do (WHATWG HTML, multipart/form-data encoding algorithm). Unlike them it does not
 * make CR LF of a single CR or LF in the name or the text of a field.
 */
function quoted(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function isFile(value: unknown): value is BodyFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'stream' in value &&
    typeof value.stream === 'function' &&
    'size' in value
  );
}
