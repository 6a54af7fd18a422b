/** Formats any value for an error message: short, and on one line. Not redacted: a value that may be a secret is not passed. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) {
    try {
      return clip(JSON.stringify(value) ?? 'an object');
    } catch {
      return 'an object';
    }
  }
  return String(value);
}

/**
 * Why something failed: the message of an error; of any other value that was thrown, its text. Never throws, whatever the value:
 * code of users may throw null, an object without a prototype, a proxy or an error whose message cannot be read. In full, and not
 * redacted: a part of a secret that was cut would no longer be found.
 */
export function reasonOf(cause: unknown): string {
  return isError(cause) ? messageOf(cause) : textOf(cause);
}

/** As {@link reasonOf}, with the name of an error before its message: `TypeError: x is not a function`. */
export function namedReasonOf(cause: unknown): string {
  return isError(cause) ? `${nameOf(cause)}: ${messageOf(cause)}` : textOf(cause);
}

/** What was thrown, as an error; another value becomes the `cause` of one with its text. Never throws. */
export function errorOf(cause: unknown): Error {
  return isError(cause) ? cause : new Error(textOf(cause), { cause });
}

/** Stack of an error as text; `undefined` for any other value, and for one that cannot be read. Never throws. */
export function stackOf(cause: unknown): string | undefined {
  if (!isError(cause)) return undefined;
  try {
    return typeof cause.stack === 'string' ? cause.stack : undefined;
  } catch {
    return undefined;
  }
}

/** `instanceof`, which a trap of a proxy can make throw. */
function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function messageOf(error: Error): string {
  try {
    const { message } = error as { readonly message: unknown };
    return typeof message === 'string' ? message : show(message);
  } catch {
    return 'an error whose message cannot be read';
  }
}

function nameOf(error: Error): string {
  try {
    const { name } = error as { readonly name: unknown };
    return typeof name === 'string' ? name : 'Error';
  } catch {
    return 'Error';
  }
}

function textOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  if (typeof cause !== 'object' || cause === null) return show(cause);
  try {
    // Of another realm, such as a vm context: no instance of this one's `Error`.
    if (Object.prototype.toString.call(cause) === '[object Error]' && 'message' in cause) {
      return typeof cause.message === 'string' ? cause.message : show(cause.message);
    }
    return JSON.stringify(cause) ?? 'an object';
  } catch {
    return 'an object';
  }
}

function quote(text: string): string {
  return `'${clip(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'))}'`;
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
