import { Type, type Static } from '@jarvis-load/engine/typebox';

/** Documented error, format A (the API examples). */
export const DocumentedError = Type.Object({
  error: Type.String({ description: 'Short title' }),
  message: Type.String(),
  code: Type.String({ description: 'Such as `VALIDATION_ERROR`' }),
  request_id: Type.Optional(Type.String()),
});

/** Documented 429, format A. */
export const DocumentedRateLimitError = Type.Object({
  error: Type.String(),
  message: Type.String(),
  code: Type.Literal('RATE_LIMIT_ERROR'),
  retry_after: Type.Number({ minimum: 0, description: 'Seconds' }),
});

/** Documented error, format B (the older reference). */
export const OlderDocumentedError = Type.Object({
  status: Type.Literal('error'),
  code: Type.String(),
  message: Type.String(),
  details: Type.Optional(
    Type.Object({ field: Type.Optional(Type.String()), reason: Type.Optional(Type.String()) }),
  ),
});

/** The core's 401; its other errors are text/plain (400, 413, 415, 422, 429) or empty (404, 405). */
export const CoreUnauthorizedError = Type.Object({
  error: Type.Union([
    Type.Literal('Missing authorization token'),
    Type.Literal('Invalid token'),
    Type.Literal('Token expired'),
    Type.Literal('Failed to decode token'),
  ]),
  code: Type.Literal('UNAUTHORIZED'),
});

export type DocumentedError = Static<typeof DocumentedError>;
export type DocumentedRateLimitError = Static<typeof DocumentedRateLimitError>;
export type OlderDocumentedError = Static<typeof OlderDocumentedError>;
export type CoreUnauthorizedError = Static<typeof CoreUnauthorizedError>;
