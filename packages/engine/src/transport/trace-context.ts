/** The header of W3C Trace Context (Level 1, 3.2). */
export const TRACE_PARENT = 'traceparent';

const FIELD = `${TRACE_PARENT}: 00-`;
const HEX_DIGITS_OF_ID = 32;

/** The `traceparent` line of a request. @param traceId 32 hexadecimal digits. @param parentId 16 of them */
export function traceParentLine(traceId: string, parentId: string): string {
  // Flag 01: the caller has sampled the request, so that a tracing system keeps it.
  return `${FIELD}${traceId}-${parentId}-01\r\n`;
}

/**
 * The trace id that a request carries; undefined: none, or a field of the caller in upper case or of another version.
 * @param head header lines of a request, as text
 */
export function traceIdOf(head: string): string | undefined {
  const at = head.indexOf(FIELD);
  if (at < 0 || (at > 0 && head.charCodeAt(at - 1) !== 10)) return undefined;
  const start = at + FIELD.length;
  return head.slice(start, start + HEX_DIGITS_OF_ID);
}
