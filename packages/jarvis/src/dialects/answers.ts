// Decoded answers, the same types for both dialects. Fields that a dialect does not send are `undefined`.

/** Answer of `auth.login`. */
export interface LoginResult {
  readonly token: string;
  /** Lifetime of the token in seconds. */
  readonly expiresInSeconds: number;
}

/** Answer of `auth.whoami` and `auth.verify`. */
export interface WhoamiResult {
  readonly userId: string;
  readonly username: string;
  readonly permissions: readonly string[];
}

/** Answer of `health`. `parts`: status by part of the server. */
export interface HealthResult {
  readonly status: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly parts: Readonly<Record<string, string>>;
}

/** Answer of `chat.send`. */
export interface ChatResult {
  readonly messageId: string;
  readonly content: string;
  readonly conversationId: string;
  /** Processing time reported by the server; undefined in the core dialect. */
  readonly serverLatencyMs: number | undefined;
}

/** An item of the answer of `chat.conversations`, and the answer of `chat.create`. */
export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
}

/** Answer of `chat.history`: messages in order. */
export interface HistoryResult {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** Answer of `memory.search`. */
export interface SearchResult {
  /** The texts of the memories found, best match first; both messages of a stored exchange are joined in one text. */
  readonly texts: readonly string[];
  readonly total: number;
  /** Query time reported by the index; undefined in the core dialect. */
  readonly queryTimeMs: number | undefined;
}

/** Answer of `voice.synthesize`. */
export interface SynthesisResult {
  readonly audioBase64: string;
  /** Undefined in the core dialect. */
  readonly format: string | undefined;
  /** Length of the audio. */
  readonly durationMs: number;
  /** In hertz. */
  readonly sampleRate: number;
}

/** Answer of `voice.transcribe`. `durationMs`: length of the audio. */
export interface TranscriptionResult {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly language: string;
  readonly durationMs: number;
}
