import { keptHeaders } from './headers.ts';
import { ImportError } from './import-error.ts';
import { isObject, listOf, memberOf, objectOf, parseJson, textOf, wordOf, type JsonObject } from './json.ts';
import { LeftOutList } from './left-out-list.ts';
import { methodOf } from './methods.ts';
import {
  Dynamic,
  type DynamicPart,
  type Imported,
  type ImportedBody,
  type ImportedPart,
  type ImportedRequest,
  type Pair,
  type Value,
} from './model.ts';
import { graphqlName, readBody } from './read-body.ts';
import { encodedPath } from './route-template.ts';
import { Secrets } from './secrets.ts';

/** Requests in folders nested deeper are left out. */
const MOST_DEPTH = 50;
const VARIABLE = /\{\{([^{}]+)\}\}/g;
/** A variable, a segment `:name`, or what is between them. */
const PATH_PART = /\{\{([^{}]+)\}\}|(?<=\/):([^/{}]+)(?=\/|$)|(?:(?!\{\{[^{}]+\}\})[^/])+|\//gu;

/** What the requests of a collection share. */
interface Collection {
  readonly variables: ReadonlyMap<string, string>;
  readonly secrets: Secrets;
  readonly leftOut: LeftOutList;
}

/**
 * Reads a Postman collection, format v2.1 (or v2.0): one journey with its requests in order, those of a folder where it stands.
 *
 * Must hold:
 * - Scripts never run: they are listed as left out.
 * - A variable with a value in the collection is replaced by it. Any other becomes one of the environment; in the host it means
 *   the target, and what has it in its name (a header, a field) is listed as left out.
 * - A request without a usable method or URL is listed as left out.
 *
 * @param name of the file, for errors
 * @throws ImportError
 */
export function readPostman(text: string, name: string): Imported {
  const document = objectOf(parseJson(text.replace(/^\uFEFF/, '')));
  const schema = textOf(memberOf(document['info'], 'schema'));
  if (!Array.isArray(document['item']) || !/\/v2\.\d/.test(schema || '/v2.1'))
    throw new ImportError(
      `${name} is no Postman collection of format v2${schema === '' ? '' : `: ${schema.slice(0, 100)}`}`,
      'a collection, exported as "Collection v2.1"',
    );
  const collection: Collection = {
    variables: new Map(
      listOf(document['variable']).map((each) => [
        textOf(memberOf(each, 'key') ?? memberOf(each, 'id')),
        wordOf(memberOf(each, 'value')),
      ]),
    ),
    secrets: new Secrets(),
    leftOut: new LeftOutList(),
  };
  const requests = requestsOf(document, undefined, collection, 0);
  if (requests.length === 0)
    throw new ImportError(`${name} has no request that a test could send`, 'at least one request');
  const origins = requests.map(({ origin }) => origin);
  return {
    journeys: [{ name: textOf(memberOf(document['info'], 'name')).trim() || 'collection', requests }],
    origin: origins.find((origin) => origin !== '') ?? '',
    secrets: collection.secrets.list(),
    leftOut: collection.leftOut.list(),
    notes: [],
  };
}

function requestsOf(
  folder: JsonObject,
  inherited: unknown,
  collection: Collection,
  depth: number,
): ImportedRequest[] {
  const auth = folder['auth'] ?? inherited;
  if (Array.isArray(folder['event']) && folder['event'].length > 0)
    collection.leftOut.add('script of Postman', textOf(folder['name']) || 'collection');
  if (isObject(folder['request'])) {
    const made = requestOf(folder['request'], textOf(folder['name']), auth, collection);
    return made === undefined ? [] : [made];
  }
  if (depth > MOST_DEPTH) {
    const what = textOf(folder['name']) || 'folder';
    if (listOf(folder['item']).length > 0)
      collection.leftOut.add(`folder deeper than ${MOST_DEPTH} levels`, what);
    return [];
  }
  return listOf(folder['item']).flatMap((item) => requestsOf(objectOf(item), auth, collection, depth + 1));
}

function requestOf(
  request: JsonObject,
  name: string,
  inherited: unknown,
  collection: Collection,
): ImportedRequest | undefined {
  const method = methodOf(textOf(request['method']) || 'GET');
  if (method === undefined) {
    collection.leftOut.add(`method ${textOf(request['method']).slice(0, 20)}`, name);
    return undefined;
  }
  const headers = pairsOf(enabled(request['header']), collection);
  const auth = authOf(objectOf(request['auth'] ?? inherited), collection);
  const body = bodyOf(objectOf(request['body']), headers, name, collection);
  const address = addressOf(request['url'], collection);
  if (address === undefined) {
    collection.leftOut.add('request without a usable URL', name);
    return undefined;
  }
  const operation = graphqlName(body);
  return {
    method,
    ...address,
    query: [...address.query, ...auth.query],
    headers: keptHeaders([...headers, ...auth.headers], body),
    ...(body === undefined ? {} : { body }),
    ...(operation === undefined ? {} : { name: operation }),
    ...(name === '' ? {} : { comment: name }),
  };
}

function enabled(list: unknown): readonly JsonObject[] {
  return listOf(list)
    .map(objectOf)
    .filter((each) => each['disabled'] !== true && textOf(each['key']) !== '');
}

function pairsOf(list: readonly JsonObject[], collection: Collection): Pair[] {
  return list.flatMap((each) => pairOf(textOf(each['key']), textOf(each['value']), collection));
}

/** A name and its value; nothing where the name has a variable without a value, as names of a test file are fixed. */
function pairOf(key: string, value: string, collection: Collection): [] | [Pair] {
  const name = nameOf(key, collection);
  return name === undefined ? [] : [[name, dynamic(value, collection)]];
}

/** The name with variables of the collection; listed as left out where one has no value. */
function nameOf(key: string, collection: Collection): string | undefined {
  const name = plain(key, collection);
  if (name.search(VARIABLE) < 0) return name;
  collection.leftOut.add('name with a variable that has no value in the collection', key);
  return undefined;
}

/** Text with its `{{variables}}`: those of the collection by value, others from the environment. */
function dynamic(text: string, collection: Collection): Value {
  const parts = partsOf(text, collection, 0);
  return parts.every((part) => typeof part === 'string') ? parts.join('') : new Dynamic(parts);
}

function partsOf(text: string, collection: Collection, depth: number): DynamicPart[] {
  return text.split(/(\{\{[^{}]+\}\})/).flatMap((part): DynamicPart[] => {
    const [, name = ''] = /^\{\{([^{}]+)\}\}$/.exec(part) ?? [];
    if (name === '') return [part];
    const value = collection.variables.get(name.trim());
    if (value !== undefined && value !== '' && depth < 10) return partsOf(value, collection, depth + 1);
    return [...collection.secrets.unset(name, `variable ${name} of Postman`).parts];
  });
}

/** The text with variables of the collection; others are left as they are. */
function plain(text: string, { variables }: Collection): string {
  let made = text;
  for (let depth = 0; depth < 10 && made.includes('{{'); depth++)
    made = made.replaceAll(VARIABLE, (whole, name: string) => variables.get(name.trim()) || whole);
  return made;
}

function addressOf(
  url: unknown,
  collection: Collection,
): Pick<ImportedRequest, 'origin' | 'route' | 'params' | 'query' | 'isTemplate'> | undefined {
  const raw = plain(typeof url === 'string' ? url : textOf(memberOf(url, 'raw')), collection).trim();
  const [, origin = '', rest = ''] =
    /^((?:https?:\/\/)?(?:\{\{[^{}]+\}\}|[^/?#{}]+))?([/?#].*)?$/s.exec(raw) ?? [];
  if (raw === '' || (origin === '' && rest === '')) return undefined;
  const [whole = ''] = rest.split('#', 1);
  const at = whole.includes('?') ? whole.indexOf('?') : whole.length;
  const values = new Map(
    enabled(memberOf(url, 'variable')).map((each) => [textOf(each['key']), wordOf(each['value'])]),
  );
  const listed = enabled(memberOf(url, 'query'));
  return {
    origin: originOf(origin),
    ...routeOf(whole.slice(0, at), values, collection),
    query:
      listed.length > 0
        ? pairsOf(listed, collection)
        : [...new URLSearchParams(whole.slice(at + 1))].flatMap((pair) => pairOf(...pair, collection)),
  };
}

/**
 * A path as a route. Params are the variables without a value in the collection, also those within a segment, and segments such as
 * `:id`, whose values are given (1 without one).
 */
function routeOf(
  path: string,
  values: ReadonlyMap<string, string>,
  collection: Collection,
): Pick<ImportedRequest, 'route' | 'params'> {
  const params = new Map<string, Pair>();
  const paramOf = (part: string, word: string, text = part): string => {
    const wanted = word.replaceAll(/\W+/g, '_') || 'id';
    const taken = new Set([...params.values()].map(([name]) => name));
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
    const param = params.get(part) ?? ([name, dynamic(text, collection)] as const);
    params.set(part, param);
    return `{${param[0]}}`;
  };
  const route = path.replaceAll(PATH_PART, (part, variable?: string, own?: string) => {
    if (variable !== undefined) return paramOf(part, variable);
    if (own === undefined || (!values.has(own) && !/^\w+$/.test(own))) return encodedPath(part);
    return paramOf(part, own, values.get(own) || '1');
  });
  return { route: route === '' ? '/' : route, params: [...params.values()] };
}

/** Empty, the target, for `{{baseUrl}}` without a value. */
function originOf(text: string): string {
  if (text === '' || text.includes('{{')) return '';
  try {
    return new URL(/^https?:/i.test(text) ? text : `http://${text}`).origin;
  } catch {
    return '';
  }
}

function authOf(
  auth: JsonObject,
  collection: Collection,
): { readonly headers: readonly Pair[]; readonly query: readonly Pair[] } {
  const type = textOf(auth['type']);
  const settings = auth[type];
  const setting = (key: string): string => {
    const found = Array.isArray(settings)
      ? memberOf(
          settings.find((each) => memberOf(each, 'key') === key),
          'value',
        )
      : memberOf(settings, key);
    return typeof found === 'string' ? found : '';
  };
  const header = (
    name: string,
    value: Value,
  ): { readonly headers: readonly Pair[]; readonly query: readonly Pair[] } => ({
    headers: [[name, value]],
    query: [],
  });
  switch (type) {
    case 'bearer': {
      const token = partsOf(setting('token') || '{{token}}', collection, 0);
      return header('authorization', asValue(['Bearer ', ...token]));
    }
    case 'oauth2':
      return header(
        'authorization',
        asValue(['Bearer ', ...collection.secrets.unset('token', 'access token of OAuth 2').parts]),
      );
    case 'basic': {
      const user = plain(setting('username'), collection);
      const password = plain(setting('password'), collection);
      if (!`${user}${password}`.includes('{{'))
        return header('authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
      const credentials = collection.secrets.unset('basic credentials', 'user:password in base64');
      return header('authorization', new Dynamic(['Basic ', ...credentials.parts]));
    }
    case 'apikey': {
      const name = nameOf(setting('key') || 'x-api-key', collection);
      if (name === undefined) return { headers: [], query: [] };
      const value = dynamic(setting('value') || '{{api key}}', collection);
      return setting('in') === 'query' ? { headers: [], query: [[name, value]] } : header(name, value);
    }
    default:
      if (type !== '' && type !== 'noauth')
        collection.leftOut.add('kind of authorization', type.slice(0, 30));
      return { headers: [], query: [] };
  }
}

function asValue(parts: readonly DynamicPart[]): Value {
  return parts.every((part) => typeof part === 'string') ? parts.join('') : new Dynamic(parts);
}

function bodyOf(
  body: JsonObject,
  headers: readonly Pair[],
  request: string,
  collection: Collection,
): ImportedBody | undefined {
  switch (body['mode']) {
    case 'raw': {
      const given = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
      const language = textOf(memberOf(memberOf(body['options'], 'raw'), 'language'));
      const type =
        typeof given === 'string' ? given : language === 'json' ? 'application/json' : 'text/plain';
      const made = readBody(plain(textOf(body['raw']), collection), type);
      return made === undefined ? undefined : withVariables(made, collection);
    }
    case 'urlencoded':
      return {
        kind: 'form',
        fields: pairsOf(enabled(body['urlencoded']), collection),
      };
    case 'formdata':
      return {
        kind: 'multipart',
        parts: enabled(body['formdata']).flatMap((each): (readonly [string, ImportedPart])[] => {
          const key = nameOf(textOf(each['key']), collection);
          if (key === undefined) return [];
          if (each['type'] !== 'file')
            return [[key, { kind: 'value', value: dynamic(textOf(each['value']), collection) }]];
          const path = textOf(Array.isArray(each['src']) ? each['src'][0] : each['src']);
          if (path !== '') return [[key, { kind: 'file', path }]];
          collection.leftOut.add('field whose file is not named', key);
          return [];
        }),
      };
    case 'graphql': {
      const { query, variables, operationName } = objectOf(body['graphql']);
      const text = plain(textOf(variables), collection).trim();
      const values = parseJson(text);
      // Such as `{ "id": {{id}} }`, whose variable has no value in the collection.
      if (text !== '' && values === undefined)
        collection.leftOut.add('GraphQL variables that are not JSON', request);
      const value = {
        query: textOf(query),
        ...(typeof operationName === 'string' ? { operationName } : {}),
        ...(text === '' ? {} : { variables: values ?? {} }),
      };
      return withVariables({ kind: 'json', value }, collection);
    }
    case 'file': {
      const path = textOf(memberOf(body['file'], 'src'));
      if (path !== '') return { kind: 'file', path, type: 'application/octet-stream' };
      collection.leftOut.add('body whose file is not named', request);
      return undefined;
    }
    default:
      return undefined;
  }
}

/** The body with variables that have no value in the collection. */
function withVariables(body: ImportedBody, collection: Collection): ImportedBody {
  if (body.kind === 'text' && typeof body.text === 'string')
    return { ...body, text: dynamic(body.text, collection) };
  if (body.kind === 'form')
    return {
      ...body,
      fields: body.fields.flatMap(([name, value]) => pairOf(name, wordOf(value), collection)),
    };
  if (body.kind !== 'json') return body;
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return dynamic(value, collection);
    if (Array.isArray(value)) return value.map(visit);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item)]));
  };
  return { ...body, value: visit(body.value) };
}
