/** Decoded answers, the same types for both dialects. Fields that a dialect does not send are `undefined`. */
export interface LoginResult {
  readonly token: string;
  /** Lifetime of the token in seconds. */
  readonly expiresInSeconds: number;
}

export interface WhoamiResult {
  readonly userId: string;
  readonly username: string;
  readonly permissions: readonly string[];
}

export interface HealthResult {
  readonly status: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly parts: Readonly<Record<string, string>>;
}

export interface ChatResult {
  readonly messageId: string;
  readonly content: string;
  readonly conversationId: string;
  /** Processing time reported by the server; undefined in the core dialect. */
  readonly serverLatencyMs: number | undefined;
}

export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
}

export interface HistoryResult {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

export interface SearchResult {
  /** The texts of the memories found, best match first; both messages of a stored exchange are joined in one text. */
  readonly texts: readonly string[];
  readonly total: number;
  /** Query time reported by the index; undefined in the core dialect. */
  readonly queryTimeMs: number | undefined;
}

export interface SynthesisResult {
  readonly audioBase64: string;
  /** Undefined in the core dialect. */
  readonly format: string | undefined;
  /** Duration of the audio. */
  readonly durationMs: number;
  readonly sampleRate: number;
}

export interface TranscriptionResult {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly language: string;
  readonly durationMs: number;
}
