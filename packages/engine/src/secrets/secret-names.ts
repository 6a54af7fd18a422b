/*
 * What counts as a secret by its name. Fields are plain unless their name is known to be secret (`isSecretName`); headers that a
 * user sends may be secret unless their name is known to be plain (`isPlainHeader`). In text, where a name stands beside a value
 * that nobody announced, more names count (`looksSecret`).
 */

/** Ends of names of fields, headers and parameters whose values are secrets. */
const SECRET_NAME =
  /(^|[_-])(pass([_-]?(word|wd|phrase))?|pwd|secret|(access|refresh|id|auth|session|csrf|api)?[_-]?token|authorization|credentials?|api[_-]?key|cookie|set-cookie)\d*$/i;
/** Words that make a name secret wherever they stand in it, such as `password_confirmation`. */
const SECRET_WORD = /(^|[_-])(pass[_-]?(word|wd|phrase)|pwd|secret)([_-]|$)/i;
/** Last words of names that say something about a secret. */
const ABOUT_SECRETS =
  /[_-](policy|length|min|max|type|kind|field|name|label|hint|strength|rules?|required|enabled|expir\w*|changed|updated|at|ur[il]|count|ms|seconds|version)$/i;
/** Tokens that are counted or timed. */
const COUNTED_TOKEN =
  /(^|[_-])(first|last|next|per|each|inter|input|output|prompt|completion|reasoning)[_-]?token$/i;
/** Ends of a name in text, with no separator before them. */
const SECRET_END =
  /(token|pass[_-]?(word|wd|phrase)|secret|api[_-]?key|authorization|cookie|credentials?)\d*$/i;
/** A parameter of a query is secret also where its name only contains this, such as `token_value`. */
const SECRET_PART = /token|pass[_-]?(word|wd|phrase)|secret|api[_-]?key/i;
/** Words of names of parameters that hold no secret: counts and times of tokens, and words that only contain such a name. */
const PLAIN_WORD =
  /(^|[_-])(max|min|n|num|number|total|sum|avg|count|counts|limit|budget|used|usage|per|first|last|next|each|inter|input|output|prompt|completion|reasoning|cached|rate|tokeni[sz]\w*|secretar\w*|passwordless)([_-]|$)/i;
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
  return partsOf(name).some((part) => isSecretPart(part) || isSecretEnd(part));
}

/** As {@link looksSecret}, for a parameter of a query: also one such as `token_value` or `apiKeyValue`. */
export function looksSecretInQuery(name: string): boolean {
  return (
    looksSecret(name) ||
    partsOf(name).some(
      (part) =>
        part.some((form) => SECRET_PART.test(form)) &&
        !part.some((form) => ABOUT_SECRETS.test(form) || PLAIN_WORD.test(form)),
    )
  );
}

/** Forms of one name of a path: as it is, and its words separated by `_` or `-`, as `passWord` and `APIkey` are one word. */
type Forms = readonly [string, string];

function partsOf(name: string): Forms[] {
  return name
    .replace(/%5b|%5d|%2e/gi, '.')
    .split(/[.[\]]+/)
    .map((part) => [part, wordsApart(part)]);
}

function wordsApart(part: string): string {
  return part
    .replace(/API/g, 'Api')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2');
}

function isSecretPart(forms: Forms): boolean {
  if (forms.some((form) => SECRET_NAME.test(form))) return !isCounted(forms);
  return forms.some((form) => SECRET_WORD.test(form)) && !forms.some((form) => ABOUT_SECRETS.test(form));
}

function isSecretEnd(forms: Forms): boolean {
  return forms.some((form) => SECRET_END.test(form)) && !isCounted(forms);
}

function isCounted(forms: Forms): boolean {
  return forms.some((form) => COUNTED_TOKEN.test(form));
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
