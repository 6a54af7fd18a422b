import { isObject } from './json.ts';
import {
  Dynamic,
  type ImportedBody,
  type ImportedPart,
  type ImportedRequest,
  type Pair,
  type Value,
} from './model.ts';

/** Where a value stands in a request. */
export interface Place {
  readonly kind: 'param' | 'query' | 'header' | 'field' | 'text';
  /** Name of the parameter, header or field; of list items that of the list. */
  readonly name: string;
}

type Change = (value: Value, place: Place) => Value;

/**
 * The request with each value replaced by what `change` returns. Not passed to it: names, the route, and parts of a multipart
 * body that are files or their content.
 */
export function mapValues(request: ImportedRequest, change: Change): ImportedRequest {
  const pairs = (kind: Place['kind'], list: readonly Pair[]): readonly Pair[] =>
    list.map(([name, value]) => [name, change(value, { kind, name })] as const);
  return {
    ...request,
    params: pairs('param', request.params),
    query: pairs('query', request.query),
    headers: pairs('header', request.headers),
    ...(request.body === undefined ? {} : { body: mapBody(request.body, change) }),
  };
}

function mapBody(body: ImportedBody, change: Change): ImportedBody {
  switch (body.kind) {
    case 'json':
      return { ...body, value: mapJson(body.value, '', change) };
    case 'form':
      return {
        kind: 'form',
        fields: body.fields.map(([name, value]) => [name, change(value, { kind: 'field', name })] as const),
      };
    case 'multipart':
      return {
        kind: 'multipart',
        parts: body.parts.map(([name, part]): readonly [string, ImportedPart] => [
          name,
          part.kind === 'value'
            ? { kind: 'value', value: change(part.value, { kind: 'field', name }) }
            : part,
        ]),
      };
    case 'text':
      return { ...body, text: change(body.text, { kind: 'text', name: '' }) };
    case 'file':
      return body;
  }
}

function mapJson(value: unknown, name: string, change: Change): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mapJson(item, name, change));
  if (value instanceof Dynamic || !isObject(value)) return change(value as Value, { kind: 'field', name });
  // `fromEntries` defines members: one named `__proto__` stays a member.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapJson(item, key, change)]));
}
