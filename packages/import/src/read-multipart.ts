import type { ImportedPart } from './model.ts';

const MOST_PARTS = 1000;

/** The parts of a recorded multipart body (RFC 7578); `undefined` where the text is not one. */
export function readMultipart(
  text: string,
  contentType: string,
): readonly (readonly [string, ImportedPart])[] | undefined {
  const boundary = parameter(contentType, 'boundary') ?? /^--(\S+)\r?\n/.exec(text)?.[1];
  if (boundary === undefined || boundary === '') return undefined;
  const pieces = text.split(`--${boundary}`).slice(1, MOST_PARTS + 1);
  const parts = pieces.flatMap((piece): (readonly [string, ImportedPart])[] => {
    if (piece.startsWith('--')) return [];
    const match = /^\r?\n([\s\S]*?)\r?\n\r?\n([\s\S]*?)\r?\n?$/.exec(piece);
    const [, head = '', content = ''] = match ?? [];
    const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
    const name = parameter(disposition, 'name');
    if (name === undefined) return [];
    const fileName = parameter(disposition, 'filename');
    if (fileName === undefined) return [[name, { kind: 'value', value: content }]];
    const type = /^content-type:\s*(\S.*?)\s*$/im.exec(head)?.[1];
    return [[name, { kind: 'content', content, name: fileName, ...(type === undefined ? {} : { type }) }]];
  });
  return parts.length === 0 ? undefined : parts;
}

/** A parameter of a header: `name="photo"`. */
function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|[;\\s])${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(header);
  return match === null ? undefined : (match[1] ?? match[2] ?? '').replaceAll(/\\(.)/g, '$1');
}
