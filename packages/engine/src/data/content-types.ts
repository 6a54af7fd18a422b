/**
 * Content types by extension, for files whose type is not given. Used in k6 too (`definition/plain.ts`): imports nothing of Node.
 */
const TYPES = new Map(
  Object.entries({
    csv: 'text/csv',
    flac: 'audio/flac',
    gif: 'image/gif',
    jpeg: 'image/jpeg',
    jpg: 'image/jpeg',
    json: 'application/json',
    m4a: 'audio/mp4',
    mp3: 'audio/mpeg',
    mp4: 'video/mp4',
    ogg: 'audio/ogg',
    pdf: 'application/pdf',
    png: 'image/png',
    txt: 'text/plain',
    wav: 'audio/wav',
    webm: 'audio/webm',
    webp: 'image/webp',
    xml: 'application/xml',
    zip: 'application/zip',
  }),
);

/** Content type of a file by the extension of its name. */
export function contentTypeOf(path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return TYPES.get(extension) ?? 'application/octet-stream';
}
