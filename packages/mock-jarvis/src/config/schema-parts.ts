import { Type, type Static, type TSchema } from '@jarvis-load/engine/typebox';

// `assign-setting.ts` reads `shorthand`: `capacity=8` means `capacity.all=8`.

/** A duration in milliseconds. */
export const Ms = (description: string) => Type.Number({ minimum: 0, description });
/** A value, or null. */
export const OrNone = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
/** A whole number. */
export const Count = (minimum: number, description: string) => Type.Integer({ minimum, description });

const KINDS =
  'One of `constant` (ms), `uniform` (minMs, maxMs), `lognormal` (p50Ms, p95Ms), `exponential` (meanMs)';

const latencyKinds = [
  Type.Object({ kind: Type.Literal('constant'), ms: Ms('Every answer takes this long') }),
  Type.Object({ kind: Type.Literal('uniform'), minMs: Ms('Shortest'), maxMs: Ms('Longest') }),
  Type.Object({
    kind: Type.Literal('lognormal'),
    p50Ms: Type.Number({ exclusiveMinimum: 0, description: 'Median' }),
    p95Ms: Type.Number({ exclusiveMinimum: 0, description: '95th percentile' }),
  }),
  Type.Object({ kind: Type.Literal('exponential'), meanMs: Ms('Mean') }),
] as const;

/** A distribution of times. */
export const LatencyModel = (description = KINDS) =>
  Type.Union([...latencyKinds], { shorthand: 'ms', description });

/** Service time of an operation, without waiting for a free server. */
export const LatencyModelSchema = LatencyModel();

/** A distribution of lengths in tokens. */
export const LengthModel = (description: string) =>
  Type.Union(
    [
      Type.Object({ kind: Type.Literal('constant'), tokens: Count(0, 'Every answer is this long') }),
      Type.Object({ kind: Type.Literal('uniform'), min: Count(0, 'Shortest'), max: Count(0, 'Longest') }),
      Type.Object({
        kind: Type.Literal('lognormal'),
        p50: Type.Number({ exclusiveMinimum: 0, description: 'Median' }),
        p95: Type.Number({ exclusiveMinimum: 0, description: '95th percentile' }),
      }),
    ],
    { shorthand: 'tokens', description },
  );

/** One length model. */
export type LengthModel = Static<ReturnType<typeof LengthModel>>;
