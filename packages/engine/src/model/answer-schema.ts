import type { Static, TSchema } from '@jarvis-load/engine/typebox';

/**
 * The part of the Standard Schema interface (standardschema.dev, version 1) that is used; Zod, Valibot and ArkType have it.
 *
 * Must hold: `validate` answers at once. With a promise every answer is an `invalid_body`.
 */
export interface StandardSchema<Value = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Value> | Promise<StandardResult<Value>>;
    readonly types?: { readonly input: unknown; readonly output: Value } | undefined;
  };
}

export type StandardResult<Value> =
  { readonly value: Value; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A TypeBox schema, which is JSON Schema, or one of a Standard Schema library. */
export type AnswerSchema = TSchema | StandardSchema;

/** Type of the values that a schema accepts. */
export type ValueOf<Schema> =
  Schema extends StandardSchema<infer Value> ? Value : Schema extends TSchema ? Static<Schema> : unknown;
