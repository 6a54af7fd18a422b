import { isObject, listOf, memberOf, objectOf, textOf, type JsonObject } from './json.ts';
import type { AnswerLink, ImportedRequest } from './model.ts';
import { dereferenced } from './openapi-document.ts';

/** A request and the operation of the document that it was made of. */
export interface OpenapiRequest {
  readonly request: ImportedRequest;
  readonly operation: JsonObject;
}

/** A value of an answer that later requests need. */
type Given = Pick<AnswerLink, 'path' | 'type'>;

/**
 * Requests in the order in which they make sense: first what creates, a POST to a path without params that other paths continue by
 * one; last what deletes, the longer path first. Ids in paths are those of earlier answers, by the `links` of the document, or of
 * `POST /pets` for `/pets/{petId}`.
 */
export function linked(document: JsonObject, all: readonly OpenapiRequest[]): readonly ImportedRequest[] {
  const creating = all.filter(({ request }) => isCreation(request, all));
  const others = all.filter((each) => !creating.includes(each) && each.request.method !== 'DELETE');
  // `/orders/{id}/lines/{line}` before `/orders/{id}`, with which its lines are gone.
  const deleting = all
    .filter((each) => !creating.includes(each) && each.request.method === 'DELETE')
    .toSorted((one, other) => stepsOf(other) - stepsOf(one));
  const made = new Map<OpenapiRequest, ImportedRequest>();
  for (const each of [...creating, ...others, ...deleting]) {
    const { request } = each;
    const links = request.params.flatMap(([param]) => linkOf(document, each, param, made) ?? []);
    made.set(each, links.length === 0 ? request : { ...request, links });
  }
  return [...made.values()];
}

function stepsOf({ request }: OpenapiRequest): number {
  return request.route.split('/').filter((step) => step !== '').length;
}

function isCreation({ method, route, params }: ImportedRequest, all: readonly OpenapiRequest[]): boolean {
  if (method !== 'POST' || params.length > 0) return false;
  return all.some(({ request }) => request.route.startsWith(`${route.replace(/\/$/, '')}/{`));
}

/** Where an earlier answer has the value of a param. */
function linkOf(
  document: JsonObject,
  { request, operation }: OpenapiRequest,
  param: string,
  made: ReadonlyMap<OpenapiRequest, ImportedRequest>,
): AnswerLink | undefined {
  const collection = request.route.slice(0, request.route.indexOf(`/{${param}}`));
  for (const [from, [earlier, { method, route }]] of [...made].entries()) {
    const given =
      declaredLink(document, earlier.operation, operation, param) ??
      (method === 'POST' && route.replace(/\/$/, '') === collection
        ? idOfAnswer(document, earlier.operation, param)
        : undefined);
    if (given !== undefined) return { ...given, param, from };
  }
  return undefined;
}

/** By `links` of OpenAPI 3: `{ operationId, parameters: { petId: '$response.body#/id' } }`. */
function declaredLink(
  document: JsonObject,
  earlier: JsonObject,
  later: JsonObject,
  param: string,
): Given | undefined {
  const id = textOf(later['operationId']);
  if (id === '') return undefined;
  for (const answer of successesOf(document, earlier)) {
    for (const value of Object.values(objectOf(answer['links']))) {
      const link = objectOf(dereferenced(document, value));
      if (textOf(link['operationId']) !== id) continue;
      const parameters = objectOf(link['parameters']);
      const expression = textOf(parameters[param] ?? parameters[`path.${param}`]);
      const [, pointer] = /^\$response\.body#\/(.+)$/.exec(expression) ?? [];
      if (pointer === undefined) continue;
      const path = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
      const type = typeAt(document, schemaOf(document, answer), path);
      if (type !== undefined) return { path, type };
    }
  }
  return undefined;
}

/** The id in the answer of a request that creates: named as the param, `id` or `uuid`. */
function idOfAnswer(document: JsonObject, operation: JsonObject, param: string): Given | undefined {
  const names = [...new Set([param, 'id', 'uuid'])];
  for (const answer of successesOf(document, operation)) {
    const schema = schemaOf(document, answer);
    for (const name of names) {
      const type = typeAt(document, schema, [name]);
      if (type !== undefined) return { path: [name], type };
    }
  }
  return undefined;
}

function successesOf(document: JsonObject, operation: JsonObject): readonly JsonObject[] {
  return Object.entries(objectOf(operation['responses']))
    .filter(([status]) => status.startsWith('2'))
    .map(([, answer]) => objectOf(dereferenced(document, answer)));
}

/** Schema of a JSON answer; that of Swagger 2.0 stands beside its description. */
function schemaOf(document: JsonObject, answer: JsonObject): unknown {
  if (isObject(answer['schema'])) return answer['schema'];
  const json = Object.entries(objectOf(answer['content'])).find(([type]) => /[/+]json\b/i.test(type));
  return memberOf(dereferenced(document, json?.[1]), 'schema');
}

/**
 * Type of a value in what a schema describes; undefined where it is neither text nor number.
 * @param seen schemas that were searched for this path: references may form a cycle
 */
function typeAt(
  document: JsonObject,
  schema: unknown,
  path: readonly string[],
  seen = new Set<unknown>(),
): 'string' | 'number' | undefined {
  const own = objectOf(dereferenced(document, schema));
  if (seen.has(own)) return undefined;
  seen.add(own);
  const [name, ...rest] = path;
  if (name === undefined) {
    const types = [own['type']].flat();
    if (types.includes('integer') || types.includes('number')) return 'number';
    return types.includes('string') ? 'string' : undefined;
  }
  const member = memberOf(own['properties'], name);
  if (member !== undefined) return typeAt(document, member, rest);
  for (const part of listOf(own['allOf'])) {
    const type = typeAt(document, part, path, seen);
    if (type !== undefined) return type;
  }
  return undefined;
}
