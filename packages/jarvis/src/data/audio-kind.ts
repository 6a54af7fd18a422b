/** Bytes at the start of a body that decide its kind. */
export const HEAD_BYTES = 12;

/** Subtypes of `audio/...` that name one of the kinds below in another way. */
const SUBTYPES: Readonly<Record<string, string>> = {
  mpeg: 'mp3',
  mpeg3: 'mp3',
  wave: 'wav',
  l16: 'pcm',
  l24: 'pcm',
  raw: 'pcm',
  opus: 'ogg',
};
/** Kinds that begin with known bytes: a content type that names one without them is wrong. */
const MARKED: ReadonlySet<string> = new Set(['wav', 'mp3', 'ogg', 'flac']);

/**
 * What a body of audio is: `wav`, `mp3`, `ogg`, `flac`, `pcm`, the subtype of another `audio/...`, or `text` where it is none, such
 * as an error in JSON; `undefined` when neither its first bytes nor its content type decide it. Bytes count before the content
 * type. PCM has no signature, and may begin as an MP3 frame does.
 * @param head the first `HEAD_BYTES` bytes, or all of a shorter body
 */
export function audioKind(head: readonly number[], contentType: string | undefined): string | undefined {
  const declared = declaredKind(contentType);
  const text = String.fromCharCode(...head.slice(0, HEAD_BYTES));
  if (text.startsWith('RIFF') && text.endsWith('WAVE')) return 'wav';
  if (text.startsWith('OggS')) return 'ogg';
  if (text.startsWith('fLaC')) return 'flac';
  if (text.startsWith('ID3') || (declared !== 'pcm' && isMp3Frame(head))) return 'mp3';
  return declared !== undefined && MARKED.has(declared) ? undefined : declared;
}

function declaredKind(contentType: string | undefined): string | undefined {
  if (/^\s*(?:text\/|application\/(?:[a-z.]+\+)?json)/i.test(contentType ?? '')) return 'text';
  const subtype = /^\s*audio\/(?:x-|vnd\.)?([a-z0-9.+-]+)/i.exec(contentType ?? '')?.[1];
  const name = subtype?.toLowerCase();
  return name !== undefined && Object.hasOwn(SUBTYPES, name) ? SUBTYPES[name] : name;
}

/** Whether bytes begin with the header of a frame of layer III (ISO 11172-3, 2.4.1.3). */
function isMp3Frame([first = 0, second = 0, third = 0]: readonly number[]): boolean {
  const isSync = first === 0xff && (second & 0xe0) === 0xe0;
  const [version, layer] = [(second >> 3) & 3, (second >> 1) & 3];
  const [bitrate, rate] = [third >> 4, (third >> 2) & 3];
  return isSync && version !== 1 && layer === 1 && bitrate !== 0 && bitrate !== 15 && rate !== 3;
}
