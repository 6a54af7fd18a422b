import type { BodyFile, RequestSpec } from '@jarvis-load/engine';
import { RequestProblem } from '@jarvis-load/engine/user-rules';
import { encodeUtf8 } from './encode-utf8.ts';

type Multipart = NonNullable<RequestSpec['multipart']>;

const DEFAULT_TYPE = 'application/octet-stream';

/**
 * multipart/form-data (RFC 7578), as the native engine sends it, in memory.
 * @param boundary not in any part
 * @throws RequestProblem
 */
export function encodeMultipart(multipart: Multipart, boundary: string): Uint8Array {
  if (typeof multipart !== 'object' || (multipart as unknown) === null)
    throw new RequestProblem('has multipart that is no object; expected parts by name');
  const pieces: Uint8Array[] = [];
  for (const [name, value] of Object.entries(multipart)) {
    if (value === undefined) continue;
    for (const each of (Array.isArray(value) ? value : [value]) as readonly unknown[]) {
      const { content, attributes } = partOf(name, each);
      const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${attributes}\r\n\r\n`;
      pieces.push(encodeUtf8(head), content, encodeUtf8('\r\n'));
    }
  }
  pieces.push(encodeUtf8(`--${boundary}--\r\n`));
  return joined(pieces);
}

function partOf(name: string, value: unknown): { readonly content: Uint8Array; readonly attributes: string } {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { content: encodeUtf8(String(value)), attributes: '' };
  }
  if (typeof value === 'object' && value !== null) {
    if ('bytes' in value && value.bytes instanceof Uint8Array) {
      const { name: fileName, type } = value as unknown as BodyFile;
      return { content: value.bytes, attributes: ofFile(fileName ?? 'blob', type) };
    }
    if ('content' in value) {
      const { content, name: fileName, type = '' } = value as Readonly<Record<string, unknown>>;
      if (typeof fileName === 'string' && typeof type === 'string') {
        if (typeof content === 'string')
          return { content: encodeUtf8(content), attributes: ofFile(fileName, type) };
        if (content instanceof Uint8Array) return { content, attributes: ofFile(fileName, type) };
      }
    }
  }
  throw new RequestProblem(
    `has multipart.${name}, which k6 cannot send; expected text, a number, file('./a.wav') or { content, name, type }`,
  );
}

function ofFile(name: string, type: string | undefined): string {
  const sent = type === undefined || type === '' ? DEFAULT_TYPE : type;
  if (/[\r\n]/.test(sent)) throw new RequestProblem('has a part with a line break in its type');
  return `; filename="${quoted(name)}"\r\ncontent-type: ${sent}`;
}

function quoted(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
