import { OPERATION_NAMES } from '@jarvis-load/jarvis';

/** What can have a latency, a capacity and faults of its own: every operation, and a message over `/ws`. */
export const MOCK_OPERATIONS = [...OPERATION_NAMES, 'ws'] as const;

/** An operation that the mock can be tuned for. */
export type MockOperation = (typeof MOCK_OPERATIONS)[number];

/** What the counters know: the operations, and `other` for everything no operation answers (404, 405, OpenAPI). */
export type CountedOperation = MockOperation | 'other';
