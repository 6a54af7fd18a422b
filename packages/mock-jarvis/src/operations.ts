import { OPERATION_NAMES } from '@jarvis-load/jarvis';

/**
 * The OpenAI-style endpoints, and those of Jarvis 2026; named as in jarvis (`openai/operations.ts`; `command.ts` and
 * `telemetry.ts` in `scenarios`).
 */
const ASSISTANT_OPERATIONS = [
  'openai.chat',
  'openai.models',
  'openai.speech',
  'openai.transcriptions',
  'command',
  'telemetry',
] as const;

/**
 * Everything that settings of latency, capacity and faults name: all operations, and messages over `/ws`. They have no effect on
 * `telemetry`.
 */
export const MOCK_OPERATIONS = [...OPERATION_NAMES, 'ws', ...ASSISTANT_OPERATIONS] as const;

/** An operation with settings of its own. */
export type MockOperation = (typeof MOCK_OPERATIONS)[number];

/** Operations in the counters; `other` for requests that match no operation (404, 405, OpenAPI). */
export type CountedOperation = MockOperation | 'other';
