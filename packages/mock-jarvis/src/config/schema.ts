/**
 * All settings of the mock except port and address, as one schema: what a value may be, its help, and the type of the
 * configuration.
 *
 * Must hold:
 * - A duration has a key that ends in `Ms` (or is `ms`): `read-value.ts` takes units such as `2s` for those alone.
 * - Every required key has a default in `presets.ts`, which also names the presets.
 * - `faults` has the kinds of `FAULT_KINDS`, whose order decides between faults that apply to one request.
 * - README.md has a table of all settings (`test/readme.test.ts`).
 */
import { Type, type Static, type TSchema } from '@jarvis-load/engine/typebox';
import { JarvisSchema, LlmSchema, SpeechSchema } from './llm-schema.ts';
import { Count, LatencyModelSchema, Ms, OrNone } from './schema-parts.ts';
import { MOCK_OPERATIONS } from '../operations.ts';
import type { MockOperation } from '../operations.ts';

const OperationList = (description: string) => Type.Array(Type.Enum(MOCK_OPERATIONS), { description });

/** An optional value for each operation. */
function perOperation<T extends TSchema>(schema: T) {
  const entries = MOCK_OPERATIONS.map((name) => [name, Type.Optional(schema)] as const);
  return Object.fromEntries(entries) as Record<MockOperation, ReturnType<typeof Type.Optional<T>>>;
}

const FaultWindow = Type.Object({
  startMs: Ms('Start, counted from the start of the mock or the last reset'),
  durationMs: OrNone(Ms(''), 'Length; none = for ever'),
  everyMs: OrNone(Type.Number({ exclusiveMinimum: 0 }), 'Interval of repetition; none = once'),
});

const faultFields = {
  probability: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the requests affected' }),
  everyNth: OrNone(Count(1, ''), 'Instead of a share: every n-th request of each operation'),
  operations: OrNone(OperationList(''), 'Only these operations; none = all'),
  window: FaultWindow,
};
const Fault = Type.Object(faultFields, { shorthand: 'probability' });

const Limit = (description: string) =>
  Type.Object(
    {
      requests: OrNone(Type.Integer({ minimum: 0 }), 'Allowed in one window; none = no limit'),
      windowMs: Type.Number({ exclusiveMinimum: 0, description: 'Length of the fixed window' }),
    },
    { shorthand: 'requests', description },
  );

/** All settings except port and address. */
export const MockConfigSchema = Type.Object(
  {
    preset: Type.Enum(['typical', 'fast', 'degraded', 'rate-limited', 'flaky', 'freeze'], {
      description: 'Defaults of the other settings',
    }),
    dialect: Type.Enum(['documented', 'core'], {
      description: 'Which of the two contracts is served; fixed while the mock runs',
    }),
    seed: Type.Integer({ description: 'Same seed, same behaviour: latencies, faults, ids' }),
    auth: Type.Object({
      secret: Type.String({ minLength: 1, description: 'HS256 key of the tokens' }),
      tokenLifetimeMs: OrNone(
        Type.Number({ exclusiveMinimum: 0 }),
        'Lifetime of a token; none = that of the dialect (3600 s documented, 86 400 s core)',
      ),
      accounts: Type.Array(Type.String({ pattern: '^[^:]+:.+$' }), {
        description: '`user:password` pairs that the documented dialect accepts; the core accepts everybody',
      }),
      anyAccount: Type.Boolean({ description: 'The documented dialect accepts everybody, too' }),
    }),
    latency: Type.Object(
      { default: LatencyModelSchema, ...perOperation(LatencyModelSchema) },
      { description: 'Service time by operation; `default` for those without an entry' },
    ),
    capacity: Type.Object(
      {
        all: OrNone(Count(1, ''), 'Servers that all operations share; none = no limit'),
        ...perOperation(OrNone(Count(1, ''), 'Servers of this operation alone')),
      },
      { shorthand: 'all', description: 'Servers behind a first-in, first-out queue' },
    ),
    rateLimits: Type.Object({
      enabled: Type.Boolean({
        description: 'Whether the limits below apply; the login limit of the core always applies',
      }),
      scope: Type.Enum(['token', 'user', 'ip'], {
        description: 'Clients that share one limit; requests without a token are counted by address',
      }),
      chat: Limit('POST /api/chat'),
      voice: Limit('Synthesis and transcription together'),
      search: Limit('Search in the memory'),
      login: Limit('Login, always by address'),
      all: Limit(
        'Everything but health, ready and metrics, of a WebSocket `/ws` its messages; the older reference says 100 a minute',
      ),
    }),
    faults: Type.Object({
      server_error: Type.Object(
        {
          ...faultFields,
          status: Type.Integer({ minimum: 500, maximum: 599, description: 'Status of the answer' }),
        },
        { shorthand: 'probability' },
      ),
      reset: Fault,
      truncated: Fault,
      hang: Fault,
      garbage: Fault,
      wrong_json: Fault,
      slow: Type.Object(
        { ...faultFields, spreadMs: Ms('The bytes of the body are spread over this time') },
        { shorthand: 'probability' },
      ),
      stall: Type.Object(
        { ...faultFields, pauseMs: Ms('Pause in the middle of the answer') },
        { shorthand: 'probability' },
      ),
      cut: Fault,
      empty: Fault,
      in_band_error: Fault,
      slow_first_byte: Type.Object(
        { ...faultFields, delayMs: Ms('Added before the first byte of the answer, its head included') },
        { shorthand: 'probability' },
      ),
      spareOperations: OperationList('Never affected by faults'),
      sparePhases: Type.Array(Type.String(), {
        description: 'Requests whose `x-load-phase` is one of these are never affected',
      }),
    }),
    freeze: Type.Object(
      {
        startMs: Ms('Start, counted from the start of the mock or the last reset'),
        durationMs: Ms('Duration; 0 = no freeze'),
        everyMs: OrNone(Type.Number({ exclusiveMinimum: 0 }), 'Interval of repetition; none = once'),
      },
      { shorthand: 'durationMs', description: 'All responses are held until the freeze ends' },
    ),
    stores: Type.Object({
      conversations: Count(1, 'Maximum number kept; the least recently used is removed first'),
      messagesPerConversation: Count(2, 'Maximum number kept; the oldest are removed first'),
      memories: Count(1, 'Maximum number kept in the search index; the oldest are removed first'),
      textBytes: Count(1024, 'Maximum amount of text kept in conversations and memories together'),
    }),
    countedRuns: Count(
      1,
      'Number of run ids with counters of their own; older ones are summed under `older`',
    ),
    transcription: Type.Object(
      {
        wordErrorRate: Type.Number({
          minimum: 0,
          maximum: 1,
          description: 'Share of words that transcription gets wrong in an otherwise correct text',
        }),
        recordings: OrNone(
          Type.String({ minLength: 1 }),
          'Folder of further WAV files that transcription recognises, each with its text in a .txt file of the same name',
        ),
      },
      { shorthand: 'wordErrorRate', description: 'Speech to text of the documented dialect' },
    ),
    llm: LlmSchema,
    speech: SpeechSchema,
    jarvis: JarvisSchema,
    corsOrigins: Type.Array(Type.String(), { description: 'Web pages of these origins may call the API' }),
  },
  { title: 'Settings of the mock Jarvis' },
);

/** One latency model. */
export type LatencyModel = Static<typeof LatencyModelSchema>;

/** The kinds of fault, in the order in which a draw considers them. */
export const FAULT_KINDS = [
  'server_error',
  'reset',
  'truncated',
  'hang',
  'garbage',
  'wrong_json',
  'slow',
  'stall',
  'cut',
  'empty',
  'in_band_error',
  'slow_first_byte',
] as const;
/** A kind of injected fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A group of operations with a common fixed-window limit. */
export type LimitGroup = 'chat' | 'voice' | 'search' | 'login' | 'all';

/** A fully resolved configuration. */
export type MockConfig = Static<typeof MockConfigSchema>;
