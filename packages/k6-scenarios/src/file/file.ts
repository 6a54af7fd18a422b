import type { BodyFile } from '@jarvis-load/engine';
import { contentTypeOf } from '@jarvis-load/engine/plain';

/**
 * Path of a file: that of a `file:` URL; other text as it is, which k6 reads relative to the script.
 * @throws TypeError for a URL that names no file of this machine
 */
export function pathOfFile(path: unknown): string {
  const text = String(path);
  const url = /^file:\/\/([^/]*)(.*)$/.exec(text);
  if (url === null) return text;
  const [, host = '', escaped = ''] = url;
  try {
    if (host === '' || host === 'localhost') return decodeURIComponent(escaped);
  } catch {
    // Said below.
  }
  const shown = text.replace(/[?#].*$/s, '').replace(/^.*@/, '***@');
  throw new TypeError(
    `file "${shown}" cannot be read; expected a URL without a host and with complete escapes, such as new URL('./name', import.meta.url).`,
  );
}

/** A file that k6 has read while it loaded the script. */
export interface LoadedFile extends BodyFile {
  readonly bytes: Uint8Array;
}

/** `file` of the engine in k6: the content is read while the script is loaded, and held by each user. */
export function file(
  path: unknown,
  options: { readonly name?: string; readonly type?: string } = {},
): LoadedFile {
  const absolute = pathOfFile(path);
  const bytes = new Uint8Array(open(absolute, 'b'));
  const name = options.name ?? absolute.slice(absolute.lastIndexOf('/') + 1);
  return {
    bytes,
    size: bytes.length,
    name,
    type: options.type ?? contentTypeOf(absolute),
    stream: () => {
      throw new TypeError(`file "${name}" is not streamed in k6.`);
    },
  };
}
