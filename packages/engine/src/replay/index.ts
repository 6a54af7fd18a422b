export { Replay, replay } from './replay.ts';
export { parseSnapshot } from './parse-snapshot.ts';
export { serializeSnapshot, serializeSnapshotInSteps } from './serialize-snapshot.ts';
export { parseRunEnd, parseRunInfo, serializeRunEnd, serializeRunInfo } from './run-text.ts';
export { mergeRecords } from './merge-records.ts';
export type { PartRecord } from './merge-records.ts';
