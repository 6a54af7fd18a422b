import { isObject, objectOf, parseJson, textOf, type JsonObject } from './json.ts';
import type { ImportedBody, ImportedPart, Pair } from './model.ts';
import { dereferenced } from './openapi-document.ts';
import { schemaOfParameter, type ParameterValues } from './openapi-parameters.ts';
import type { Samples } from './openapi-sample.ts';

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';
/** Which of several content types is sent: the first of these kinds that is among them, else the first of the document. */
const PREFERRED = [
  /^application\/json\b/i,
  /\+json\b/i,
  /^application\/x-www-form-urlencoded\b/i,
  /^multipart\/form-data\b/i,
  /^text\//i,
];

interface Media {
  readonly type: string;
  /** A media type of the document, or a parameter of Swagger 2.0. */
  readonly described: JsonObject;
  readonly schema: unknown;
}

/** The body of an operation; `undefined` for none, and for one of which neither an example nor a schema is known. */
export function openapiBody(
  document: JsonObject,
  operation: JsonObject,
  parameters: ParameterValues,
  samples: Samples,
): ImportedBody | undefined {
  const media = mediaOf(document, operation, parameters);
  if (media === undefined) return undefined;
  const { type, described } = media;
  const schema = dereferenced(document, media.schema);
  const given = samples.of(described, schema);
  if (given === undefined) return undefined;
  const isText = typeof given === 'string';
  if (/json\b/i.test(type)) {
    const value = isText ? (parseJson(given) ?? given) : given;
    return { kind: 'json', value, ...(/^application\/json\s*(;|$)/i.test(type) ? {} : { type }) };
  }
  if (type.toLowerCase().startsWith(FORM))
    return {
      kind: 'form',
      fields: isText ? [...new URLSearchParams(given)] : Object.entries(objectOf(given)).map(fieldOf),
    };
  if (type.toLowerCase().startsWith(MULTIPART)) {
    const properties = objectOf(objectOf(schema)['properties']);
    return {
      kind: 'multipart',
      parts: Object.entries(objectOf(given)).map(([name, value]): readonly [string, ImportedPart] => [
        name,
        isFile(
          objectOf(dereferenced(document, Object.hasOwn(properties, name) ? properties[name] : undefined)),
        )
          ? { kind: 'content', content: 'content of a file', name: `${name}.txt`, type: 'text/plain' }
          : { kind: 'value', value: fieldOf([name, value])[1] },
      ]),
    };
  }
  return { kind: 'text', text: isText ? given : JSON.stringify(given), type };
}

function mediaOf(
  document: JsonObject,
  operation: JsonObject,
  { body, form }: ParameterValues,
): Media | undefined {
  const requestBody = objectOf(dereferenced(document, operation['requestBody']));
  const content = objectOf(requestBody['content']);
  const types = Object.keys(content);
  const type = preferred(types);
  if (type !== undefined) {
    const described = objectOf(content[type]);
    return { type: /\*/.test(type) ? 'application/json' : type, described, schema: described['schema'] };
  }
  const consumes = Array.isArray(operation['consumes']) ? operation['consumes'] : document['consumes'];
  const consumed = Array.isArray(consumes) ? consumes.map(textOf) : [];
  if (body !== undefined)
    return { type: preferred(consumed) ?? 'application/json', described: body, schema: body['schema'] };
  if (form.length === 0) return undefined;
  const properties = Object.fromEntries(form.map((each) => [textOf(each['name']), schemaOfParameter(each)]));
  const hasFile = form.some((each) => each['type'] === 'file');
  const formTypes = consumed.filter((each) => each === FORM || each === MULTIPART);
  return {
    type: hasFile ? MULTIPART : (formTypes[0] ?? FORM),
    described: {},
    schema: { type: 'object', properties },
  };
}

function preferred(types: readonly string[]): string | undefined {
  for (const pattern of PREFERRED) {
    const found = types.find((type) => pattern.test(type));
    if (found !== undefined) return found;
  }
  return types[0];
}

function isFile(schema: JsonObject): boolean {
  const { type, format, items } = schema;
  if (isObject(items)) return isFile(items);
  return (
    type === 'file' || format === 'binary' || format === 'byte' || schema['contentMediaType'] !== undefined
  );
}

function fieldOf([name, value]: readonly [string, unknown]): Pair {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [name, value];
  return [name, value === undefined || value === null ? '' : JSON.stringify(value)];
}
