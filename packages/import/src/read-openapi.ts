import { ImportError } from './import-error.ts';
import { isObject, listOf, memberOf, objectOf, textOf, type JsonObject } from './json.ts';
import { LeftOutList } from './left-out-list.ts';
import { keptHeaders } from './headers.ts';
import { methodOf } from './methods.ts';
import type { Imported, ImportedRequest, Journey, Pair, Value } from './model.ts';
import { openapiBody } from './openapi-body.ts';
import { linked, type OpenapiRequest } from './openapi-links.ts';
import { dereferenced } from './openapi-document.ts';
import { parameterValues } from './openapi-parameters.ts';
import { encodedPath } from './route-template.ts';
import { Samples } from './openapi-sample.ts';
import { securityOf } from './openapi-security.ts';
import { serverOf } from './openapi-server.ts';
import { Secrets } from './secrets.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/**
 * The requests of an OpenAPI document: one scenario for each tag, each operation once, with its first tag, in the order of `linked`.
 * Deprecated operations are listed as left out.
 *
 * @param document as `openapiDocument` returns it
 * @throws ImportError
 */
export function readOpenapi(document: JsonObject, name: string): Imported {
  const samples = new Samples(document);
  const secrets = new Secrets();
  const leftOut = new LeftOutList();
  const server = serverOf(document);
  const journeys = new Map<string, OpenapiRequest[]>();
  const title = textOf(memberOf(document['info'], 'title')).trim() || 'api';
  for (const [path, value] of Object.entries(objectOf(document['paths']))) {
    if (!path.startsWith('/')) continue;
    const item = objectOf(dereferenced(document, value));
    for (const method of METHODS) {
      if (!isObject(item[method])) continue;
      const operation = objectOf(item[method]);
      const shown = `${method.toUpperCase()} ${path}`;
      const sent = methodOf(method);
      if (sent === undefined) leftOut.add(`method ${method.toUpperCase()}`, shown);
      else if (operation['deprecated'] === true) leftOut.add('deprecated operation', shown);
      else {
        const tag = textOf(listOf(operation['tags'])[0]).trim() || title;
        const parameters = parameterValues(
          document,
          [listOf(item['parameters']), listOf(operation['parameters'])],
          samples,
        );
        const body = openapiBody(document, operation, parameters, samples);
        const security = securityOf(document, operation, secrets);
        const route = routeOf(`${server.prefix}${path}`, parameters.params);
        const headers: readonly Pair[] = [...parameters.headers, ...security.headers];
        journeys.set(tag, [
          ...(journeys.get(tag) ?? []),
          {
            operation,
            request: {
              method: sent,
              origin: '',
              isTemplate: true,
              ...route,
              query: [...route.query, ...parameters.query, ...security.query],
              headers: keptHeaders(headers, body),
              ...(body === undefined ? {} : { body }),
              ...commentOf(operation),
            },
          },
        ]);
      }
    }
  }
  if (journeys.size === 0)
    throw new ImportError(
      `${name} has no operation that a test could send`,
      'paths with operations that are not deprecated',
    );
  return {
    journeys: [...journeys].map(([tag, requests]): Journey => ({
      name: tag,
      requests: linked(document, requests),
    })),
    origin: server.origin,
    secrets: secrets.list(),
    leftOut: leftOut.list(),
    notes: [
      'Values come from examples and schemas of the document: replace ids by those of your server. Ids that a POST answers are used where a path asks for them.',
    ],
  };
}

function commentOf(operation: JsonObject): { readonly comment?: string } {
  const text = textOf(operation['summary']) || textOf(operation['operationId']);
  return text === '' ? {} : { comment: text };
}

/** The route with the values of its names; what is no name is percent-encoded. */
function routeOf(
  template: string,
  values: ReadonlyMap<string, Value>,
): Pick<ImportedRequest, 'route' | 'params' | 'query'> {
  const [path = '', search = ''] = template.replace(/#.*$/s, '').split('?', 2);
  const params: Pair[] = [];
  const route = path
    .split(/(\{[^{}/]+\})/)
    .map((part) => {
      const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
      if (name === undefined) return encodedPath(part);
      if (!params.some(([each]) => each === name)) params.push([name, values.get(name) ?? '1']);
      return part;
    })
    .join('');
  return { route, params, query: [...new URLSearchParams(search)] };
}
