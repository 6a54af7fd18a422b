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
 * object without a prototype. Not redacted.
 */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  return typeof cause === 'string' ? cause : show(cause);
}

function quote(text: string): string {
  return `'${clip(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'))}'`;
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
