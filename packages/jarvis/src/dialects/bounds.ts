/**
 * Bounds that the core enforces, for the schemas (`schemas/core.ts`) and the mock (`core/validate.ts`).
 *
 * Must hold:
 * - Lengths are in UTF-8 bytes, although the core's messages say characters. `audioCharacters` bounds the base64 text, not the
 *   decoded audio. `importance`, `searchLimit` and `speed` bound the number itself.
 * - `MAX_BYTES` of `data/recording.ts` follows from `bodyBytes`, which the mock reads (`server/create-mock.ts`). A larger body is
 *   refused first, so `audioCharacters.max` is never reached.
 */
export const CORE_BOUNDS = {
  usernameBytes: { min: 1, max: 255 },
  passwordBytes: { min: 1, max: 1000 },
  messageBytes: { min: 1, max: 10_000 },
  conversationIdBytes: { min: 1, max: 255 },
  memoryBytes: { min: 1, max: 50_000 },
  importance: { min: 0, max: 1 },
  queryBytes: { min: 1, max: 1000 },
  searchLimit: { min: 1, max: 10_000 },
  speechBytes: { min: 1, max: 5000 },
  voiceBytes: { min: 0, max: 100 },
  speed: { min: 0.1, max: 3 },
  languageBytes: { min: 0, max: 10 },
  audioCharacters: { min: 1, max: 10_000_000 },
  /** The framework refuses a larger body with 413 before any handler sees it. */
  bodyBytes: 2 * 1024 * 1024,
} as const;

/** Patterns that the core checks, as `RegExp` sources usable in JSON Schema. */
export const CORE_PATTERNS = {
  username: '^[A-Za-z0-9_.-]+$',
  base64: '^[A-Za-z0-9+/]*={0,2}$',
  /** The core logs a mismatch and accepts the request. */
  voice: '^[a-z]{2}_[A-Z]{2}-[a-z0-9_-]+$',
} as const;
