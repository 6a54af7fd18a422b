import { OPERATION_NAMES } from '@jarvis-load/jarvis';

/** Everything with its own latency, capacity and faults: all operations, and messages over `/ws`. */
export const MOCK_OPERATIONS = [...OPERATION_NAMES, 'ws'] as const;

/** An operation with settings of its own. */
export type MockOperation = (typeof MOCK_OPERATIONS)[number];

/** Operations in the counters; `other` for requests that match no operation (404, 405, OpenAPI). */
export type CountedOperation = MockOperation | 'other';
