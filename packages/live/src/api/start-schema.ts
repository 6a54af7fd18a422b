import { Type, type Static } from '@jarvis-load/engine/typebox';
import { Nullable } from './run-schema.ts';

/*
 * What `GET /api/offer` gives, and what `POST /api/run` takes. Must hold: the schema checks the form of a request only; whether
 * names are offered and loads allowed is checked by `LiveControl.start` (`apps/cli/src/live/plan-of-start.ts`). For a field that
 * is absent the description says what is taken. The form of the page (`page/components/start-*.tsx`) and `plan-of-start.ts` read
 * each field.
 */

const Name = Type.String({ minLength: 1, maxLength: 100 });
const DurationMs = Type.Number({ minimum: 1000 });

/** The load of a start. */
const LOADS = [
  Type.Object(
    {
      kind: Type.Literal('profile'),
      profile: Name,
      users: Type.Optional(
        Type.Integer({ minimum: 1, description: "Most users at once; absent: the profile's" }),
      ),
      timeScale: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1000 })),
      durationMs: Type.Optional(
        Type.Number({ minimum: 1000, description: "In place of timeScale; absent: the profile's" }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('users'),
      users: Type.Integer({ minimum: 1 }),
      perSecond: Type.Optional(
        Type.Number({ exclusiveMinimum: 0, description: 'Users that start per second; absent: at once' }),
      ),
      durationMs: Type.Optional({ ...DurationMs, description: 'Absent: until it is stopped' }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('rate'),
      rate: Type.Number({ exclusiveMinimum: 0, description: 'Iterations per second in all' }),
      durationMs: Type.Optional({ ...DurationMs, description: 'Absent: until it is stopped' }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Literal('own', { description: 'The load that the scenarios of a test file bring' }) },
    { additionalProperties: false },
  ),
] as const;

/** With a discriminator: errors are about the kind that was asked for, not about all of them. */
const LoadRequestSchema = Type.Unsafe<Static<(typeof LOADS)[number]>>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: LOADS,
});

export const StartRequestSchema = Type.Object(
  {
    target: Name,
    suite: Type.Optional({ ...Name, description: 'Absent: the first of the offer' }),
    scenarios: Type.Optional(
      Type.Array(Name, { minItems: 1, maxItems: 50, description: 'Absent: those that run by default' }),
    ),
    load: LoadRequestSchema,
    objectives: Type.Optional({ ...Name, description: 'A set of the suite, or none; absent: its first set' }),
    thresholds: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
        maxItems: 50,
        description:
          'As --threshold takes them, in place of those of the command line: http_req_failed:rate<0.01',
      }),
    ),
  },
  { additionalProperties: false },
);

const Described = { name: Type.String(), description: Type.String() };

/** A suite that a start may choose: a built-in one, or the test file of the command line. */
const SuiteOfferSchema = Type.Object({
  ...Described,
  scenarios: Type.Array(Type.Object({ ...Described, byDefault: Type.Boolean() })),
  ownLoad: Type.Boolean({ description: 'Its scenarios bring a load: "own"' }),
  profiles: Type.Array(Type.Object({ ...Described, durationMs: Type.Number() })),
  objectives: Type.Array(Type.Object(Described), {
    description: 'Sets of promises; the first judges a run unless another is chosen',
  }),
});

/** What a start may choose from. */
export const OfferSchema = Type.Object({
  targets: Type.Array(
    Type.Object({
      name: Type.String(),
      url: Nullable(Type.String()),
      maxUsers: Type.Number(),
      maxRate: Type.Number(),
      maxDurationMs: Nullable(Type.Number()),
      refused: Nullable(Type.String(), 'Why it cannot be loaded now'),
    }),
  ),
  suites: Type.Array(SuiteOfferSchema),
  defaults: {
    ...StartRequestSchema,
    description: 'What flags, variables and the config file ask for: the form begins with it',
  },
});

export type LoadRequest = Static<typeof LoadRequestSchema>;
export type StartRequest = Static<typeof StartRequestSchema>;
export type SuiteOffer = Static<typeof SuiteOfferSchema>;
export type Offer = Static<typeof OfferSchema>;
