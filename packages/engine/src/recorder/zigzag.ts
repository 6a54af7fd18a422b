import { readVarint, writeVarint } from './varint.ts';

/**
 * ZigZag LEB128 as HdrHistogram uses it for counts (ZigZagEncoding.java): the sign moves to the lowest bit, then seven
 * bits a byte, lowest first, the top bit saying that more follow; a ninth byte would carry eight bits.
 *
 * Plain arithmetic instead of shifts, because counts go to 2^53 and shifts stop at 32 bits. Exact from -2^52 (lengths of
 * runs are far shorter) to 2^53.
 */
export function writeZigZag(value: number, bytes: number[]): void {
  // Doubling is exact for any integer: it only moves the exponent.
  writeVarint(value < 0 ? -value * 2 - 1 : value * 2, bytes, bytes.length);
}

/**
 * Reads one number written by {@link writeZigZag}.
 * @returns the number and the offset after it; `undefined` at the end of the bytes, or beyond 2^53
 */
export function readZigZag(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly next: number } | undefined {
  const read = readVarint(bytes, offset);
  if (read === undefined) return undefined;
  const { value: doubled, next } = read;
  const value = doubled % 2 === 0 ? doubled / 2 : -(doubled + 1) / 2;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER + 1 ? { value, next } : undefined;
}
