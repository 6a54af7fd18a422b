/*
 * What counts as a secret by its name. Fields are plain unless their name is known to be secret (`isSecretName`); headers that a
 * user sends may be secret unless their name is known to be plain (`isPlainHeader`). In text, where a name stands beside a value
 * that nobody announced, more names count (`looksSecret`).
 */

/** Ends of names of fields, headers and parameters whose values are secrets. */
const SECRET_NAME =
  /(^|[_-])(pass(word|wd|phrase)?|pwd|secret|(access|refresh|id|auth|session|csrf|api)?[_-]?token|authorization|credentials?|api[_-]?key|cookie|set-cookie)\d*$/i;
/** Words that make a name secret wherever they stand in it, such as `password_confirmation`. */
const SECRET_WORD = /(^|[_-])(password|passwd|passphrase|pwd|secret)([_-]|$)/i;
/** Last words of names that say something about a secret. */
const ABOUT_SECRETS =
  /[_-](policy|length|min|max|type|kind|field|name|label|hint|strength|rules?|required|enabled|expir\w*|changed|updated|at|ur[il]|count|ms|seconds|version)$/i;
/** Tokens that are counted or timed. */
const COUNTED_TOKEN =
  /(^|[_-])(first|last|next|per|each|inter|input|output|prompt|completion|reasoning)[_-]?token$/i;
/** Ends of a name in text, with no separator before them. */
const SECRET_END =
  /(token|password|passwd|passphrase|secret|api[_-]?key|authorization|cookie|credentials?)\d*$/i;
/** Headers of the engine, of HTTP itself and of tracing: their values are no secrets. Any other may be one. */
const PLAIN_HEADER =
  /^(host|accept.*|content-.*|user-agent|connection|cache-control|pragma|range|if-.*|x-load-.*|origin|referer|traceparent|tracestate|x-(request|correlation)-id|idempotency-key)$/i;
const MOST_NAMES_KNOWN = 1000;
const plainHeaders = new Map<string, boolean>();

/**
 * Whether a field or header of this name holds a secret. Of a path of names, such as `user[password]`, `auth.password.0` or
 * `user%5Bpassword%5D`, one secret name is enough.
 */
export function isSecretName(name: string): boolean {
  return partsOf(name).some(isSecretPart);
}

/** As {@link isSecretName}, for a name in text: also one such as `userpassword`. */
export function looksSecret(name: string): boolean {
  return partsOf(name).some(
    (part) => isSecretPart(part) || (SECRET_END.test(part) && !COUNTED_TOKEN.test(part)),
  );
}

/** The names of a path, their words separated by `_` or `-`. */
function partsOf(name: string): string[] {
  return name
    .replace(/%5b|%5d|%2e/gi, '.')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .split(/[.[\]]+/);
}

function isSecretPart(part: string): boolean {
  if (SECRET_NAME.test(part)) return !COUNTED_TOKEN.test(part);
  return SECRET_WORD.test(part) && !ABOUT_SECRETS.test(part);
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
