import { Type, type Static, type TSchema } from 'typebox';
import type { AnyFlagTable } from '../options/flag.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';

const DurationSchema = Type.Union([Type.String(), Type.Number({ exclusiveMinimum: 0 })], {
  description: 'Such as 90s, 1m30s; a number is seconds',
});

/** Rate limits that a target is known to have; they decide whether a profile fits, before the run. */
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
    url: Type.String({ minLength: 1, description: 'Origin, with an optional path prefix' }),
    maxUsers: Type.Integer({ minimum: 1, description: 'Most users at once, over all scenarios' }),
    maxRate: Type.Number({ exclusiveMinimum: 0, description: 'Most requests per second' }),
    maxDuration: DurationSchema,
    owner: Type.String({ minLength: 1, description: 'Who said that this may be loaded' }),
    expiry: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T.+)?$',
      description: 'Last day the permission holds (UTC), such as 2026-12-31',
    }),
    description: Type.Optional(Type.String()),
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

/** The config file: defaults for flags, and the targets that may be loaded. Published to `docs/reference`. */
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

/** A target that somebody allowed to be loaded. */
export type ConfigTarget = Static<typeof TargetSchema>;
/** A rate limit that a target is known to have. */
export type ConfigLimit = Static<typeof LimitSchema>;

/** The schema as it is published. */
export function configSchemaJson(): string {
  const published = { $schema: 'http://json-schema.org/draft-07/schema#', ...ConfigFileSchema };
  return `${JSON.stringify(published, null, 2)}\n`;
}
