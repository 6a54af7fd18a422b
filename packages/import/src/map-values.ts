import { isObject, textOf } from './json.ts';
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
  /** Of a field `value` of JSON, what it is the value of: the `name` or `key` beside it, or the object. @default nothing */
  readonly of?: string;
}

type Change = (value: Value, place: Place) => Value;

/**
 * The request with each value replaced by what `change` returns. Not passed to it: names, the route, and files.
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
      return { ...body, value: mapJson(body.value, { kind: 'field', name: '' }, change) };
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
            : part.kind === 'content'
              ? { ...part, content: change(part.content, { kind: 'text', name: '' }) }
              : part,
        ]),
      };
    case 'text':
      return { ...body, text: change(body.text, { kind: 'text', name: '' }) };
    case 'file':
      return body;
  }
}

function mapJson(value: unknown, place: Place, change: Change): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mapJson(item, place, change));
  if (value instanceof Dynamic || !isObject(value)) return change(value as Value, place);
  const placeOf = (name: string): Place =>
    name === 'value'
      ? { kind: 'field', name, of: textOf(value['name']) || textOf(value['key']) || place.name }
      : { kind: 'field', name };
  // `fromEntries` defines members: one named `__proto__` stays a member.
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapJson(item, placeOf(name), change)]),
  );
}
