// k6's runtime has no atob, btoa or Buffer; a lookup table over its typed arrays is fast enough. With `maxBytes`, `decodeBase64`
// checks only the characters that it decodes: a caller that needs the whole text to be base64 checks it itself.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
// In k6, `Uint8Array.from` does not accept a string.
const CODES = new Uint8Array(ALPHABET.length).map((_, index) => ALPHABET.charCodeAt(index));
const PADDING = '='.charCodeAt(0);
const INVALID = 255;
const VALUES = new Uint8Array(256).fill(INVALID);
CODES.forEach((code, value) => (VALUES[code] = value));

/** Most arguments that every engine accepts in one call of `String.fromCharCode`. */
const CHUNK = 8192;

/** Standard base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let out = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    codes[out++] = CODES[group >> 18] as number;
    codes[out++] = CODES[(group >> 12) & 63] as number;
    codes[out++] = at + 1 < bytes.length ? (CODES[(group >> 6) & 63] as number) : PADDING;
    codes[out++] = at + 2 < bytes.length ? (CODES[group & 63] as number) : PADDING;
  }
  let text = '';
  for (let at = 0; at < codes.length; at += CHUNK) {
    text += String.fromCharCode(...codes.subarray(at, at + CHUNK));
  }
  return text;
}

/**
 * Decodes standard base64, padded or not; `undefined` for an invalid character, wrong padding or an impossible length.
 * With `maxBytes`, only that many bytes are decoded and only their characters are checked.
 */
export function decodeBase64(text: string, maxBytes = Infinity): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padding;
  if (letters % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) return undefined;
  const bytes = new Uint8Array(Math.min(Math.floor((letters * 3) / 4), maxBytes));
  let out = 0;
  for (let at = 0; at < letters && out < bytes.length; at += 4) {
    const a = valueAt(text, at);
    const b = valueAt(text, at + 1);
    const c = at + 2 < letters ? valueAt(text, at + 2) : 0;
    const d = at + 3 < letters ? valueAt(text, at + 3) : 0;
    if (a === INVALID || b === INVALID || c === INVALID || d === INVALID) return undefined;
    const group = (a << 18) | (b << 12) | (c << 6) | d;
    // Writes beyond the end of a typed array are ignored, so the last, incomplete group needs no special case.
    bytes[out++] = group >> 16;
    bytes[out++] = (group >> 8) & 255;
    bytes[out++] = group & 255;
  }
  return bytes;
}

const valueAt = (text: string, at: number): number => VALUES[text.charCodeAt(at)] ?? INVALID;
