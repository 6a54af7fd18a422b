import type { BodyFile } from '@jarvis-load/engine';
import { contentTypeOf } from '@jarvis-load/engine/plain';

/** Path of a file: that of a `file:` URL; other text as it is, which k6 reads relative to the script. */
export function pathOfFile(path: unknown): string {
  const text = String(path);
  return text.startsWith('file://') ? decodeURIComponent(text.slice('file://'.length)) : text;
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
