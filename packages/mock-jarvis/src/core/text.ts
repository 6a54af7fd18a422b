import type { Answer } from '../server/answer.ts';

/** How the core answers almost every error. */
export const plainText = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
});

/** JSON without a charset, as the core's framework sends it. */
export const coreJson = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
