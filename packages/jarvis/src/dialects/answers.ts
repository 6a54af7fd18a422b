/** What an answer means in either dialect. Fields that a dialect does not send are `undefined`, never made up. */
export interface LoginResult {
  readonly token: string;
  /** Life of the token in seconds. */
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
  /** Time the server says it took; the core does not say. */
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
  /** The texts of the memories found, best first: both sides of a remembered exchange in one. */
  readonly texts: readonly string[];
  readonly total: number;
  /** Time the index took; the core does not say. */
  readonly queryTimeMs: number | undefined;
}

export interface SynthesisResult {
  readonly audioBase64: string;
  /** The core does not say. */
  readonly format: string | undefined;
  /** Length of the audio. */
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
