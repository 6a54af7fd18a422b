import type { StreamPart } from '../model/stream.ts';

const KINDS: Readonly<Record<StreamPart['kind'], true>> = {
  token: true,
  reasoning: true,
  tool: true,
  audio: true,
  data: true,
  usage: true,
  done: true,
  error: true,
  ignore: true,
};

/**
 * What `decode` returned, as parts; null means nothing, as undefined does. Plain code.
 * @throws TypeError for anything else (a promise would be a response without content), and for an error without text
 */
export function checkParts(decoded: unknown): StreamPart | readonly StreamPart[] | undefined {
  if (decoded === undefined || decoded === null) return undefined;
  if (Array.isArray(decoded)) for (const part of decoded) checkPart(part);
  else checkPart(decoded);
  return decoded as StreamPart | readonly StreamPart[];
}

function checkPart(part: unknown): void {
  const { kind, message } = (part ?? {}) as { readonly kind?: unknown; readonly message?: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) {
    if (part instanceof Promise) part.catch(() => undefined);
    const what = part instanceof Promise ? 'a promise' : 'no part of a stream';
    throw new TypeError(
      `decode returned ${what}; expected undefined or { kind: ... } with one of ${Object.keys(KINDS).join(', ')}`,
    );
  }
  if (kind === 'error' && typeof message !== 'string')
    throw new TypeError("decode returned an error without text; expected { kind: 'error', message: '...' }");
}
