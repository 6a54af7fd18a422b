import type { StreamEvent, StreamPart } from '../model/stream.ts';

/** Meaning of events of an operation without `decode`, in all formats: bytes where there is no text. */
export function decodeAnything({ data, bytes }: StreamEvent): StreamPart {
  if (data === '[DONE]') return { kind: 'done' };
  return data === '' ? { kind: 'data', bytes } : { kind: 'token', text: data };
}

/** Whether a part is something that a user sees or hears: an empty text, such as that of a role event, is not. */
export function isContent(part: StreamPart): boolean {
  switch (part.kind) {
    case 'token':
    case 'reasoning':
    case 'tool':
      return part.text !== '';
    case 'audio':
    case 'data':
      return part.bytes?.length !== 0;
    default:
      return false;
  }
}

/** Tokens of a content part; where `decode` gives no count, those of its kind. */
export function tokensOf(part: StreamPart): number {
  switch (part.kind) {
    case 'token':
    case 'reasoning':
    case 'tool':
      return isCount(part.tokens) ? part.tokens : 1;
    case 'audio':
    case 'data':
      return isCount(part.tokens) ? part.tokens : 0;
    default:
      return 0;
  }
}

/** Whether a value of scenario code, which may be none, is a count: `undefined`, `null` or NaN would spoil every sum. */
export function isCount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
