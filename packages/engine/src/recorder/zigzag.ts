/**
 * ZigZag LEB128 as HdrHistogram uses it for counts (ZigZagEncoding.java): the sign moves to the lowest bit, then seven
 * bits a byte, lowest first, the top bit saying that more follow; a ninth byte would carry eight bits.
 *
 * Plain arithmetic instead of shifts, because counts go to 2^53 and shifts stop at 32 bits. Exact from -2^52 (lengths of
 * runs are far shorter) to 2^53.
 */
export function writeZigZag(value: number, bytes: number[]): void {
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  // Doubling is exact for any integer: it only moves the exponent.
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/**
 * Reads one number written by {@link writeZigZag}.
 * @returns the number and the offset after it; `undefined` at the end of the bytes, or beyond 2^53
 */
export function readZigZag(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly next: number } | undefined {
  let rest = 0;
  let scale = 1;
  for (let k = 0; k < 8; k++) {
    const byte = bytes[offset + k];
    if (byte === undefined) return undefined;
    rest += (byte % 128) * scale;
    if (byte < 128) {
      const value = rest % 2 === 0 ? rest / 2 : -(rest + 1) / 2;
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER + 1 ? { value, next: offset + k + 1 } : undefined;
    }
    scale *= 128;
  }
  return undefined;
}
