import type { FastifyRequest } from 'fastify';
import type { Answer } from '../server/answer.ts';
import { plainText } from './text.ts';
import { SerdeError, SerdeScanner } from './serde-scanner.ts';
import type { FieldKind, RequestStruct } from './serde-scanner.ts';

/*
 * JSON bodies as axum and serde read them. The route's body must be bytes, unparsed (`dialect.ts`). A quick check with JSON.parse
 * accepts what fits; `SerdeScanner` decides about the rest, and finds the wording of its refusal.
 */

/** TypeScript type of a `RequestStruct`. */
export type StructValue<S extends RequestStruct> = {
  readonly [K in keyof S['fields']]: S['fields'][K] extends 'string'
    ? string
    : S['fields'][K] extends 'string?'
      ? string | null | undefined
      : number | null | undefined;
};

const EMPTY = Buffer.alloc(0);

/** `application/json` or any `application/*+json`: the content types that axum accepts as JSON. */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*application\/(?:[^\s;/]+\+)?json\s*(?:;|$)/i.test(contentType);
}

function fits(value: unknown, kind: FieldKind): boolean {
  if (value === undefined || value === null) return kind.endsWith('?');
  if (kind === 'string' || kind === 'string?') return typeof value === 'string';
  // Integral floats such as 5.0 are lost in JSON.parse; the scanner decides about them.
  return typeof value === 'number' && Number.isFinite(value) && kind === 'f32?';
}

/** Whether a key may be there twice, which JSON.parse accepts and serde refuses; keys may be written with escapes. */
function mayRepeat(text: string, { fields }: RequestStruct): boolean {
  return (
    text.includes('\\u') ||
    Object.keys(fields).some((key) => text.indexOf(`"${key}"`) !== text.lastIndexOf(`"${key}"`))
  );
}

function readQuickly(bytes: Buffer, struct: RequestStruct): object | undefined {
  try {
    const text = bytes.toString('utf8');
    const value: unknown = JSON.parse(text);
    if (mayRepeat(text, struct)) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const record = value as Readonly<Record<string, unknown>>;
    return Object.entries(struct.fields).every(([key, kind]) => fits(record[key], kind)) ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a JSON body as axum does, or returns its refusal: 415 for another content type, 400 for broken JSON, 422 for
 * JSON of another shape; all text/plain.
 */
export function readBody<S extends RequestStruct>(
  request: FastifyRequest,
  struct: S,
): { readonly value: StructValue<S> } | { readonly refusal: Answer } {
  if (!isJsonType(request.headers['content-type'])) {
    return { refusal: plainText(415, 'Expected request with `Content-Type: application/json`') };
  }
  const bytes = (request.body as Buffer | undefined) ?? EMPTY;
  const quick = readQuickly(bytes, struct);
  if (quick !== undefined) return { value: quick as StructValue<S> };
  try {
    new SerdeScanner(bytes).scan(struct);
  } catch (error) {
    if (!(error instanceof SerdeError)) throw error;
    return {
      refusal: error.isSyntax
        ? plainText(400, `Failed to parse the request body as JSON: ${error.message}`)
        : plainText(422, `Failed to deserialize the JSON body into the target type: ${error.message}`),
    };
  }
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  // serde takes the values of a struct in order, too.
  const named = Array.isArray(value)
    ? Object.fromEntries(Object.keys(struct.fields).map((key, index) => [key, value[index] as unknown]))
    : value;
  return { value: named as StructValue<S> };
}
