/*
 * Bytes as text of 91 characters that stand in JSON as they are: '#' to '~' without '\'. 13 bits become two characters, as
 * 91 x 91 is more than 2^13, so that text is 23 % longer than its bytes; that of base64 is a third longer. Of up to 6 bits at the end
 * one character is made. (basE91 packs a little denser, with a quotation mark among its characters.)
 */

const FIRST = '#'.charCodeAt(0);
const LEFT_OUT = '\\'.charCodeAt(0);
const CHARACTERS = 91;
const GROUP_BITS = 13;
const GROUPS = 2 ** GROUP_BITS;
/** 2^6 is less than 91. */
const SINGLE_BITS = 6;

const CODES = Uint8Array.from({ length: CHARACTERS }, (_, digit) => {
  const code = FIRST + digit;
  return code < LEFT_OUT ? code : code + 1;
});
const DIGITS = new Int16Array(256).fill(-1);
CODES.forEach((code, digit) => (DIGITS[code] = digit));
/** Of each group its two characters. */
const HIGH = Uint8Array.from({ length: GROUPS }, (_, group) => CODES[Math.floor(group / CHARACTERS)]!);
const LOW = Uint8Array.from({ length: GROUPS }, (_, group) => CODES[group % CHARACTERS]!);

export function encodeText91(bytes: Uint8Array): string {
  const text = Buffer.allocUnsafe(2 * Math.ceil((bytes.length * 8) / GROUP_BITS));
  let end = 0;
  let held = 0;
  let heldBits = 0;
  const write = (group: number): void => {
    text[end++] = HIGH[group]!;
    text[end++] = LOW[group]!;
  };
  for (let k = 0; k < bytes.length; k++) {
    held = (held << 8) | bytes[k]!;
    heldBits += 8;
    if (heldBits < GROUP_BITS) continue;
    heldBits -= GROUP_BITS;
    write((held >>> heldBits) & (GROUPS - 1));
  }
  if (heldBits > SINGLE_BITS) write((held << (GROUP_BITS - heldBits)) & (GROUPS - 1));
  else if (heldBits > 0) text[end++] = CODES[(held << (SINGLE_BITS - heldBits)) & (2 ** SINGLE_BITS - 1)]!;
  return text.toString('latin1', 0, end);
}

/**
 * @returns undefined for characters that {@link encodeText91} does not write. Not every other text is found: `JournalDecoder` checks
 * the bytes by their CRC.
 */
export function decodeText91(text: string): Buffer | undefined {
  const pairs = text.length >>> 1;
  const isOdd = text.length % 2 === 1;
  const bytes = Buffer.allocUnsafe(Math.floor((pairs * GROUP_BITS + (isOdd ? SINGLE_BITS : 0)) / 8));
  let end = 0;
  let held = 0;
  let heldBits = 0;
  const take = (bits: number, length: number): void => {
    held = (held << length) | bits;
    for (heldBits += length; heldBits >= 8 && end < bytes.length; heldBits -= 8) {
      bytes[end++] = held >>> (heldBits - 8);
    }
  };
  for (let k = 0; k < pairs; k++) {
    const high = digitAt(text, 2 * k);
    const low = digitAt(text, 2 * k + 1);
    const group = high * CHARACTERS + low;
    if (high < 0 || low < 0 || group >= GROUPS) return undefined;
    take(group, GROUP_BITS);
  }
  if (!isOdd) return bytes;
  const single = digitAt(text, text.length - 1);
  if (single < 0 || single >= 2 ** SINGLE_BITS) return undefined;
  take(single, SINGLE_BITS);
  return bytes;
}

function digitAt(text: string, place: number): number {
  return DIGITS[text.charCodeAt(place)] ?? -1;
}
