/** The plain entry, bundled for k6: nothing here may reach the schemas, another package or Node (`test/bundle.test.ts`). */
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
export { CHAT_MESSAGES, FACTS } from './data/texts.ts';
export { toRecording } from './data/recording.ts';
export type { Recording } from './data/recording.ts';
export { continuity, playback, realTimeFactor } from './data/playback.ts';
export type { AudioPiece, Playback } from './data/playback.ts';
export { pcmSpeech, WAV_SPEECH } from './data/audio-meter.ts';
export type { AudioFormat, AudioMeter, SpeechFormat } from './data/audio-meter.ts';
export { wordErrorRate } from './data/word-error-rate.ts';
export { OBJECTIVE_SETS, objectivesFor } from './objectives.ts';
export type { JarvisObjective, ObjectiveSet, ObjectiveSetName } from './objectives.ts';
export { PROFILES, profileByName, profileDurationMs } from './profiles/profile.ts';
export type { Profile, ProfileName, ProfileStage } from './profiles/profile.ts';
export { peakUsers, profileExecutor } from './profiles/profile-executor.ts';
export type { ProfileExecutorOptions } from './profiles/profile-executor.ts';
export { DIALECT_LIMITS } from './limits/limits.ts';
export type { LimitScope, RateLimit } from './limits/limits.ts';
export { describeLimit, limitAdvice } from './limits/limit-advice.ts';
export type { LimitAdvice, LimitIdentity, PlannedScenario } from './limits/limit-advice.ts';
export { describeLimitHit } from './limits/describe-limit-hit.ts';
export type { LimitHit } from './limits/describe-limit-hit.ts';
export { chatJourney } from './scenarios/chat-journey.ts';
export { chatSocket } from './scenarios/chat-socket.ts';
export { chatUser } from './scenarios/chat-user.ts';
export { voiceJourney } from './scenarios/voice-journey.ts';
export { voiceUser } from './scenarios/voice-user.ts';
export { memoryWorkflow } from './scenarios/memory-workflow.ts';
export { voiceTurn } from './scenarios/voice-turn.ts';
export type { VoiceTurnOptions } from './scenarios/voice-turn.ts';
export { fullWorkflow } from './scenarios/full-workflow.ts';
export { SCENARIOS, scenarioByName } from './scenarios/catalog.ts';
export type { ScenarioEntry, ScenarioName } from './scenarios/catalog.ts';
export type {
  Account,
  Credentials,
  JarvisScenario,
  JarvisScenarioOptions,
  NotOffered,
} from './scenarios/options.ts';
export type { Session } from './scenarios/session.ts';
export type { LoginShared } from './scenarios/log-in.ts';
export type { Login } from './scenarios/log-in.ts';
export { otherSettings } from './openai/settings.ts';
export { resolveSettings, SETTINGS } from './scenarios/settings.ts';
export type { JarvisSettings } from './scenarios/settings.ts';
export { detectDialect } from './probe/detect-dialect.ts';
export type { Detection, DetectionVerdict, ProbeRequest } from './probe/detect-dialect.ts';
export { explainUnreachable } from './probe/explain-unreachable.ts';
export type { UnreachableCause } from './probe/explain-unreachable.ts';
export { PROBE_OPERATIONS } from './probe/probe-operations.ts';
export type { ProbeOperationName } from './probe/probe-operations.ts';
export { probeTarget } from './probe/probe-target.ts';
export type { ProbedOperation, ProbeOptions, ProbeReport, ProbeVerdict } from './probe/probe-target.ts';
