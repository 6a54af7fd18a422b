import { isObject, objectOf, textOf, type JsonObject } from './json.ts';
import type { Pair, Value } from './model.ts';
import { dereferenced } from './openapi-document.ts';
import type { Samples } from './openapi-sample.ts';

/** The values of the parameters of one operation. */
export interface ParameterValues {
  readonly params: ReadonlyMap<string, Value>;
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  /** Of Swagger 2.0: fields of a form, with their schemas. */
  readonly form: readonly JsonObject[];
  /** Of Swagger 2.0: the body. */
  readonly body: JsonObject | undefined;
}

/** Headers that are described elsewhere in the document. */
const DESCRIBED_ELSEWHERE = /^(accept|content-type|authorization)$/i;

/** Values for the required parameters, and for those of the path; fields and body of Swagger 2.0 as they are described. */
export function parameterValues(
  document: JsonObject,
  lists: readonly unknown[],
  samples: Samples,
): ParameterValues {
  const byKey = new Map<string, JsonObject>();
  for (const each of lists.flat()) {
    const parameter = objectOf(dereferenced(document, each));
    byKey.set(`${textOf(parameter['in'])} ${textOf(parameter['name'])}`, parameter);
  }
  const params = new Map<string, Value>();
  const query: Pair[] = [];
  const headers: Pair[] = [];
  const form: JsonObject[] = [];
  let body: JsonObject | undefined;
  for (const parameter of byKey.values()) {
    const name = textOf(parameter['name']);
    const place = parameter['in'];
    if (place === 'body') body = parameter;
    else if (place === 'formData') form.push(parameter);
    else if (place === 'path') params.set(name, pathValue(sampleOf(document, parameter, samples)));
    else if (parameter['required'] === true && name !== '') {
      const value = sampleOf(document, parameter, samples);
      if (place === 'query') query.push(...queryPairs(name, value, parameter));
      else if (place === 'header' && !DESCRIBED_ELSEWHERE.test(name)) headers.push([name, plain(value)]);
      else if (place === 'cookie') headers.push(['cookie', `${name}=${plain(value)}`]);
    }
  }
  return { params, query, headers, form, body };
}

/** The schema of a parameter; that of Swagger 2.0 is the parameter itself. */
export function schemaOfParameter(parameter: JsonObject): unknown {
  if (isObject(parameter['schema'])) return parameter['schema'];
  const [media] = Object.values(objectOf(parameter['content']));
  if (isObject(media)) return media['schema'];
  const { name: _name, in: _in, required: _required, collectionFormat: _format, ...schema } = parameter;
  return schema;
}

function sampleOf(document: JsonObject, parameter: JsonObject, samples: Samples): unknown {
  return samples.of(parameter, dereferenced(document, schemaOfParameter(parameter)));
}

function plain(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item)).join(',');
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Part of a path: not empty, and 1 in place of the 0 that a schema without limits gives. */
function pathValue(value: unknown): string | number {
  if (value === 0) return 1;
  const made = plain(value);
  if (typeof made === 'number') return made;
  return String(made) === '' ? '1' : String(made);
}

function queryPairs(name: string, value: unknown, parameter: JsonObject): readonly Pair[] {
  const isList =
    parameter['explode'] !== false &&
    (parameter['schema'] !== undefined || parameter['collectionFormat'] === 'multi');
  if (Array.isArray(value) && isList) return value.map((item: unknown) => [name, plain(item)] as const);
  if (isObject(value) && parameter['content'] === undefined) {
    const isDeep = parameter['style'] === 'deepObject';
    return Object.entries(value).map(
      ([key, item]) => [isDeep ? `${name}[${key}]` : key, plain(item)] as const,
    );
  }
  return [[name, plain(value)]];
}
