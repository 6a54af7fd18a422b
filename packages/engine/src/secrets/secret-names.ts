/*
 * What counts as a secret by its name. Fields are plain unless their name is known to be secret (`isSecretName`); headers that a
 * user sends may be secret unless their name is known to be plain (`isPlainHeader`). `redactor.ts` has patterns of its own for
 * text: a name that is added here is added there.
 */

/** Names of fields, headers and parameters whose values are secrets. */
const SECRET_NAME =
  /(^|[_-])(pass(word|wd|phrase)?|pwd|secret|(access|refresh|id|auth|session|csrf|api)?[_-]?token|authorization|credentials?|api[_-]?key|cookie|set-cookie)$/i;
/** Headers of the engine, of HTTP itself and of tracing: their values are no secrets. Any other may be one. */
const PLAIN_HEADER =
  /^(host|accept.*|content-.*|user-agent|connection|cache-control|pragma|range|if-.*|x-load-.*|origin|referer|traceparent|tracestate|x-(request|correlation)-id|idempotency-key)$/i;
const MOST_NAMES_KNOWN = 1000;
const plainHeaders = new Map<string, boolean>();

/** Whether a field or header of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** Whether the value of a header is known to be no secret. Asked for each header of each request: the answer is kept. */
export function isPlainHeader(name: string): boolean {
  let plain = plainHeaders.get(name);
  if (plain === undefined) {
    plain = PLAIN_HEADER.test(name);
    if (plainHeaders.size < MOST_NAMES_KNOWN) plainHeaders.set(name, plain);
  }
  return plain;
}
