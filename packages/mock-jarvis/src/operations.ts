import { OPERATION_NAMES } from '@jarvis-load/jarvis';

/** The OpenAI-style endpoints, and those of Jarvis 2026; named as in jarvis (`openai/operations.ts`). */
const ASSISTANT_OPERATIONS = [
  'openai.chat',
  'openai.models',
  'openai.speech',
  'openai.transcriptions',
  'command',
  'telemetry',
] as const;

/** Everything with its own latency, capacity and faults: all operations, and messages over `/ws`. */
export const MOCK_OPERATIONS = [...OPERATION_NAMES, 'ws', ...ASSISTANT_OPERATIONS] as const;

/** An operation with settings of its own. */
export type MockOperation = (typeof MOCK_OPERATIONS)[number];

/** Operations in the counters; `other` for requests that match no operation (404, 405, OpenAPI). */
export type CountedOperation = MockOperation | 'other';
