import type { SampleReader } from './sample-reader.ts';

/**
 * Counts, bytes and times of the readers of all files of a run, added up: `firstMs` is Infinity and `lastMs` -Infinity without a
 * sample.
 */
export type ReaderFacts = Pick<
  SampleReader,
  | 'requestsOutside'
  | 'statusUntold'
  | 'expectedTold'
  | 'scenarioUntold'
  | 'requestsCut'
  | 'bytesSent'
  | 'bytesReceived'
  | 'firstMs'
  | 'lastMs'
  | 'requests'
>;
