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
 * Why something failed: the message of an error; of any other value that was thrown, its text. Never throws, as `String` does for an
 * object without a prototype. In full, and not redacted: a part of a secret that was cut would no longer be found.
 */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
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
