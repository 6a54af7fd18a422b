import type { LoadResponse, Operation, RequestSpec } from '@jarvis-load/engine';
import type {
  ChatResult,
  ConversationSummary,
  HealthResult,
  HistoryResult,
  LoginResult,
  SearchResult,
  SynthesisResult,
  TranscriptionResult,
  WhoamiResult,
} from './answers.ts';
import type { OperationName } from './operation-name.ts';

/** The two contracts of Jarvis 1.9.0. */
export type DialectId = 'documented' | 'core';

/** Input and result of each operation, the same in both dialects. */
export interface OperationTypes {
  'auth.login': { input: { username: string; password: string }; result: LoginResult };
  'auth.verify': { input: undefined; result: WhoamiResult };
  'auth.whoami': { input: undefined; result: WhoamiResult };
  health: { input: undefined; result: HealthResult };
  ready: { input: undefined; result: { readonly status: string } };
  metrics: { input: undefined; result: { readonly kind: 'prometheus' | 'json' } };
  'chat.send': { input: { content: string; conversationId?: string }; result: ChatResult };
  'chat.conversations': { input: undefined; result: readonly ConversationSummary[] };
  'chat.history': { input: { id: string }; result: HistoryResult };
  'chat.create': { input: { title: string }; result: ConversationSummary };
  'chat.delete': { input: { id: string }; result: undefined };
  'memory.store': {
    input: { conversationId: string; userMessage: string; botResponse: string };
    result: undefined;
  };
  'memory.search': { input: { query: string; limit: number }; result: SearchResult };
  'memory.list': { input: undefined; result: { readonly texts: readonly string[] } };
  'voice.synthesize': { input: { text: string; language?: string }; result: SynthesisResult };
  'voice.transcribe': { input: { audioBase64: string; language?: string }; result: TranscriptionResult };
  'voice.voices': { input: undefined; result: { readonly count: number } };
  'voice.languages': { input: undefined; result: { readonly count: number } };
}

/** A decoded answer, or the reason why it could not be decoded. */
export type Decoded<Result> =
  { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly reason: string };

/** One endpoint of a dialect: how to request it and how to decode its answer. */
export interface JarvisOperation<Name extends OperationName = OperationName> extends Operation {
  readonly name: Name;
  /** Needs `Authorization: Bearer`. */
  readonly protected: boolean;
  /** Creates or changes data on the target. */
  readonly writes: boolean;
  /** Builds the request without the token. */
  request(input: OperationTypes[Name]['input']): RequestSpec;
  /** Decodes the body of a 2xx answer; never throws. */
  interpret(response: LoadResponse): Decoded<OperationTypes[Name]['result']>;
  /** Body predicate for the engine: the reason why {@link interpret} failed, `undefined` when it succeeded. */
  accepts(response: LoadResponse): string | undefined;
}

/** The operations that a dialect offers; unavailable ones are absent. */
export type OperationTable = { readonly [Name in OperationName]?: JarvisOperation<Name> };

/** One of the two contracts: everything a client needs to know of it. */
export interface Dialect {
  readonly id: DialectId;
  readonly description: string;
  readonly operations: OperationTable;
  /** Fields that checks read and that are named differently in the two dialects. */
  readonly fields: {
    /** Field of the login answer that contains the token. */
    readonly token: string;
    /** Field of the chat answer that contains the reply. */
    readonly chatMessage: string;
    /** Field of the answer that contains the list of conversations; `undefined` when the body itself is the list. */
    readonly conversations: string | undefined;
  };
  /** Answers contain `latency_ms`, `query_time_ms` and the `format` of audio. */
  readonly describesItself: boolean;
  /** Synthesized audio can be transcribed back to its text. */
  readonly voiceRoundTrip: boolean;
  /** `/ws` is a WebSocket. */
  readonly hasSocket: boolean;
}
