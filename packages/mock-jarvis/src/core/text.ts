import type { Answer } from '../server/answer.ts';

/** Plain text, which the core sends for almost every error. */
export const plainText = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
});

/** JSON with a content type without charset, as axum sends it. */
export const coreJson = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
