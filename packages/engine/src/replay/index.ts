export { Replay, replay } from './replay.ts';
export { parseSnapshot, unpackSnapshot } from './parse-snapshot.ts';
export { packSnapshot, recordOf, serializeSnapshot } from './serialize-snapshot.ts';
export type { PackedSnapshot } from './serialize-snapshot.ts';
export { parseRunEnd, parseRunInfo, serializeRunEnd, serializeRunInfo } from './run-text.ts';
export { mergeRecords } from './merge-records.ts';
export type { MergeRecordsOptions } from './merge-records.ts';
export type { PartRecord } from './part-record.ts';
