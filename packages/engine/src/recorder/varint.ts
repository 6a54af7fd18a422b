/**
 * Unsigned LEB128: seven bits a byte, lowest first, the top bit saying that more follow.
 *
 * Plain arithmetic instead of shifts, because counts go to 2^53 and shifts stop at 32 bits.
 *
 * @param value a whole number of at least 0
 * @param offset of its first byte
 * @returns the offset after its last byte
 */
export function writeVarint(value: number, bytes: number[] | Uint8Array, offset: number): number {
  let rest = value;
  let next = offset;
  while (rest >= 128) {
    bytes[next++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  bytes[next++] = rest;
  return next;
}

/**
 * Reads one number written by {@link writeVarint}.
 * @returns the number and the offset after it; `undefined` at the end of the bytes, or beyond eight bytes
 */
export function readVarint(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let k = 0; k < 8; k++) {
    const byte = bytes[offset + k];
    if (byte === undefined) return undefined;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, next: offset + k + 1 };
    scale *= 128;
  }
  return undefined;
}
