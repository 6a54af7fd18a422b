export { JarvisError } from './error.ts';
export type { JarvisErrorCode } from './error.ts';
export { OPERATION_NAMES } from './dialects/operation-name.ts';
export type { OperationName } from './dialects/operation-name.ts';
export type {
  Decoded,
  Dialect,
  DialectId,
  JarvisOperation,
  OperationTable,
  OperationTypes,
} from './dialects/dialect.ts';
export { documentedDialect } from './dialects/documented.ts';
export { coreDialect } from './dialects/core.ts';
export { DIALECTS, dialectById } from './dialects/dialect-by-id.ts';
export { CORE_BOUNDS, CORE_PATTERNS } from './dialects/bounds.ts';
export { decodeFailure } from './dialects/decode-failure.ts';
export type { JarvisFailure, RateLimitHeaders } from './dialects/decode-failure.ts';
export type {
  ChatResult,
  ConversationSummary,
  HealthResult,
  HistoryResult,
  LoginResult,
  SearchResult,
  SynthesisResult,
  TranscriptionResult,
  WhoamiResult,
} from './dialects/answers.ts';
export { decodeBase64, encodeBase64 } from './data/base64.ts';
export { utf8Length } from './data/utf8.ts';
export { decodeWav, encodeWav, readWavHeader } from './data/wav.ts';
export type { Wav, WavHeader } from './data/wav.ts';
