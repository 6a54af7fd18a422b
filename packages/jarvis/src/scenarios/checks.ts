/**
 * The checks of the journeys and of the users.
 *
 * Must hold:
 * - A check never throws, whatever the body holds.
 * - Names are the same in every run: documents, JUnit and k6 identify checks by them.
 * - A check of a field that the core does not send is in `whenDescribed`.
 */
import type { LoadResponse } from '@jarvis-load/engine';
import type { Dialect } from '../dialects/dialect.ts';
import { audioDurationMs } from '../data/check-audio.ts';
import { isRecord } from '../dialects/rules.ts';

/** Named predicates on one answer. */
export type Checks = Readonly<Record<string, (response: LoadResponse) => boolean>>;

/** Limits that the suite puts on single answers. */
const CHAT_UNDER_MS = 1000;
const SERVER_LATENCY_MS = 1000;
const QUERY_TIME_MS = 200;
/**
 * Allowed difference between `duration_ms` and the length of the audio: servers round, and some include trailing
 * silence.
 */
const DURATION_TOLERANCE_MS = 50;
const DURATION_TOLERANCE_SHARE = 0.02;
const CONFIDENCE = 0.5;

/** The checks of the journeys (the k6 tests of the suite) and of the users (its Locust tests). */
export interface ScenarioChecks {
  readonly journey: Readonly<
    Record<'health' | 'send' | 'conversations' | 'search' | 'synthesize' | 'transcribe', Checks>
  >;
  readonly user: Readonly<
    Record<
      | 'health'
      | 'send'
      | 'conversations'
      | 'search'
      | 'create'
      | 'store'
      | 'synthesize'
      | 'transcribe'
      | 'recognition',
      Checks
    >
  >;
}

/** Creates the checks once per scenario: they run on every answer. */
export function createChecks(dialect: Dialect): ScenarioChecks {
  const { fields } = dialect;
  /** Leaves out checks of fields that the dialect does not send. */
  const whenDescribed = (checks: Checks): Checks => (dialect.describesItself ? checks : {});
  const conversations = (response: LoadResponse): boolean =>
    Array.isArray(
      fields.conversations === undefined ? response.json() : field(response, fields.conversations),
    );
  const send: Checks = {
    'chat.send: status is 200': is200,
    // Check the status too: an error body also has a `message`.
    'chat.send: has message': (response) => is200(response) && present(field(response, fields.chatMessage)),
    'chat.send: has conversation_id': (response) => present(field(response, 'conversation_id')),
  };
  const search: Checks = {
    'memory.search: status is 200': is200,
    'memory.search: has results': (response) => Array.isArray(field(response, 'results')),
  };
  const list: Checks = {
    'chat.conversations: status is 200': is200,
    'chat.conversations: conversations is an array': conversations,
  };
  const format = whenDescribed({
    'voice.synthesize: has format': (response) => present(field(response, 'format')),
  });
  const duration = whenDescribed({
    'voice.synthesize: duration_ms is the length of the audio': isLengthOfAudio,
  });
  const transcribe: Checks = {
    'voice.transcribe: status is 200': is200,
    // May be empty: a recogniser may recognise no words.
    'voice.transcribe: has text': (response) => typeof field(response, 'text') === 'string',
    'voice.transcribe: has confidence': (response) => typeof field(response, 'confidence') === 'number',
  };
  return {
    journey: {
      health: {
        'health: status is 200': is200,
        'health: has status': (response) => present(field(response, 'status')),
      },
      send: {
        ...send,
        'chat.send: under 1 s': (response) => response.timings.serviceTimeMs < CHAT_UNDER_MS,
      },
      conversations: list,
      search,
      synthesize: {
        'voice.synthesize: status is 200': is200,
        'voice.synthesize: has audio_data': (response) => present(field(response, 'audio_data')),
        ...format,
        'voice.synthesize: duration_ms above 0': (response) => numeric(response, 'duration_ms') > 0,
        ...duration,
      },
      transcribe,
    },
    user: {
      health: { 'health: status is healthy': (response) => field(response, 'status') === 'healthy' },
      send: {
        ...send,
        ...whenDescribed({
          'chat.send: latency_ms at most 1000': (response) =>
            numeric(response, 'latency_ms') <= SERVER_LATENCY_MS,
        }),
      },
      conversations: list,
      search: {
        ...search,
        ...whenDescribed({
          'memory.search: query_time_ms at most 200': (response) =>
            numeric(response, 'query_time_ms') <= QUERY_TIME_MS,
        }),
      },
      create: {
        'chat.create: status is 200': is200,
        'chat.create: has id': (response) => present(field(response, 'id')),
        'chat.create: has title': (response) => present(field(response, 'title')),
      },
      store: {
        'memory.store: status is 200': is200,
        'memory.store: is stored': (response) =>
          response.outcome === 'ok' && dialect.operations['memory.store']?.accepts(response) === undefined,
      },
      synthesize: {
        'voice.synthesize: status is 200': is200,
        ...whenDescribed({
          // The body predicate has decoded the audio already: an answer that cannot be decoded does not have outcome
          // ok.
          'voice.synthesize: audio_data decodes to audio': (response) =>
            dialect.operations['voice.synthesize']?.accepts(response) === undefined,
        }),
        ...format,
        ...duration,
      },
      transcribe,
      recognition: {
        'voice.transcribe: confidence at least 0.5': (response) =>
          numeric(response, 'confidence') >= CONFIDENCE,
      },
    },
  };
}

const is200 = (response: LoadResponse): boolean => response.status === 200;

const field = (response: LoadResponse, name: string): unknown => {
  const body = response.json();
  return isRecord(body) ? body[name] : undefined;
};

/** Not undefined, not null and not empty. */
const present = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** Of audio with the header of a WAV, which tells its length; of other formats it is not known, and that is no error of the voice. */
const isLengthOfAudio = (response: LoadResponse): boolean => {
  const audio = field(response, 'audio_data');
  const lengthMs = typeof audio === 'string' ? audioDurationMs(audio) : undefined;
  if (lengthMs === undefined) return ![undefined, 'wav'].includes(field(response, 'format') as string);
  const tolerance = Math.max(DURATION_TOLERANCE_MS, lengthMs * DURATION_TOLERANCE_SHARE);
  return Math.abs(numeric(response, 'duration_ms') - lengthMs) <= tolerance;
};

/** NaN when the field is not a number, so that every comparison is false. */
const numeric = (response: LoadResponse, name: string): number => {
  const value = field(response, name);
  return typeof value === 'number' ? value : NaN;
};
