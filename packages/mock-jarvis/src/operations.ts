import { OPERATION_NAMES } from '@jarvis-load/jarvis';

/** The OpenAI-style endpoints, and those of Jarvis 2026; named as in jarvis (`openai/operations.ts`, `scenarios/command.ts`). */
const ASSISTANT_OPERATIONS = [
  'openai.chat',
  'openai.models',
  'openai.speech',
  'openai.transcriptions',
  'command',
] as const;

/** Everything that settings of latency, capacity and faults name: all operations, and messages over `/ws`. */
export const MOCK_OPERATIONS = [...OPERATION_NAMES, 'ws', ...ASSISTANT_OPERATIONS] as const;

/** An operation with settings of its own. */
export type MockOperation = (typeof MOCK_OPERATIONS)[number];

/** What rate limits count: the telemetry socket, which answers with frames and has no service time or faults, too. */
export const LIMITED_OPERATIONS = [...MOCK_OPERATIONS, 'telemetry'] as const;

/** An operation that rate limits count. */
export type LimitedOperation = (typeof LIMITED_OPERATIONS)[number];

/** Operations in the counters; `other` for requests that match no operation (404, 405, OpenAPI). */
export type CountedOperation = LimitedOperation | 'other';
