/**
 * The schema of the config file: flags of `load`, and the targets that may be loaded.
 *
 * Must hold:
 * - A flag with `inConfig: false` is no key: config files are committed, so a secret must never be one.
 * - It is published: after a change `npm run docs -w apps/cli` writes `docs/reference/config.schema.json`.
 */
import { Type, type Static, type TSchema } from '@jarvis-load/engine/typebox';
import { formatDuration, parseDurationMs } from '../options/duration.ts';
import { LIMITS } from '../options/limits.ts';
import { urlProblem } from '../target/target-url.ts';
import type { AnyFlagTable } from '../options/flag.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';

function isDuration(value: unknown): boolean {
  const ms = parseDurationMs(String(value));
  return ms !== undefined && ms > 0 && ms <= LIMITS.durationMs;
}

/** Whether a date or time exists in the calendar: 2026-02-30 does not. */
function isDay(text: string): boolean {
  const [day = ''] = text.split('T');
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

const DurationSchema = Type.Refine(
  Type.Union([Type.String(), Type.Number({ exclusiveMinimum: 0 })], {
    description: 'Such as 90s, 1m30s; a number is seconds',
  }),
  isDuration,
  () => `is no duration; expected one such as 90s or 10m, at most ${formatDuration(LIMITS.durationMs)}`,
);

/** Known rate limits of a target: for the advice before a run, and the notes on limits that it hit. */
const LimitSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'Such as chat' }),
    operations: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'Operations that share the limit, such as chat.send',
    }),
    requests: Type.Integer({ minimum: 1, description: 'Allowed in one window' }),
    window: DurationSchema,
    per: Type.Union([Type.Literal('token'), Type.Literal('user'), Type.Literal('address')], {
      description: 'Whose requests are counted together',
    }),
  },
  { additionalProperties: false },
);

const TargetSchema = Type.Object(
  {
    url: Type.Refine(
      Type.String({ minLength: 1, description: 'Origin, with an optional path prefix' }),
      (text) => urlProblem(text) === undefined,
      (text) => `${urlProblem(text)?.problem}; expected ${urlProblem(text)?.expected}`,
    ),
    maxUsers: Type.Integer({ minimum: 1, description: 'Most users at once, over all scenarios' }),
    maxRate: Type.Number({ exclusiveMinimum: 0, description: 'Most requests per second' }),
    maxDuration: DurationSchema,
    owner: Type.String({ minLength: 1, description: 'Who said that this may be loaded' }),
    expiry: Type.Refine(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}(T.+)?$',
        description: 'Last day the permission holds (UTC), such as 2026-12-31',
      }),
      isDay,
      () => 'is no day of the calendar; expected one such as 2026-12-31',
    ),
    description: Type.Optional(Type.String({ description: 'Shown by the command targets' })),
    limits: Type.Optional(Type.Array(LimitSchema)),
  },
  { additionalProperties: false },
);

function flagProperties(table: AnyFlagTable): Record<string, TSchema> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, flag]) => flag.inConfig !== false)
      .map(([key, flag]) => [key, Type.Optional({ ...flag.kind.schema, description: flag.description })]),
  );
}

/** The config file: defaults for flags, and the targets that may be loaded. */
export const ConfigFileSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    targets: Type.Optional(
      Type.Record(Type.String(), TargetSchema, { description: 'Targets that may be loaded, by name' }),
    ),
    ...flagProperties(LOAD_FLAGS as AnyFlagTable),
  },
  {
    additionalProperties: false,
    title: 'jarvis-load.config.json',
    description: 'Defaults below flags and environment, and the targets that may be loaded',
  },
);

/** A target that the config file allows to be loaded. */
export type ConfigTarget = Static<typeof TargetSchema>;
/** A known rate limit of a target. */
export type ConfigLimit = Static<typeof LimitSchema>;

/** The published schema as text. */
export function configSchemaJson(): string {
  const published = { $schema: 'http://json-schema.org/draft-07/schema#', ...ConfigFileSchema };
  return `${JSON.stringify(published, null, 2)}\n`;
}
