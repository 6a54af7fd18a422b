import { shownAddress } from '@jarvis-load/engine';
import { dropJarCookies } from './cookies.ts';
import { headerOf, keptHeaders } from './headers.ts';
import { ImportError } from './import-error.ts';
import { isObject, listOf, memberOf, objectOf, parseJson, textOf, type JsonObject } from './json.ts';
import { LeftOutList } from './left-out-list.ts';
import { methodOf } from './methods.ts';
import type { Imported, ImportedBody, ImportedPart, ImportedRequest } from './model.ts';
import { graphqlName, readBody } from './read-body.ts';
import { keepHosts, type HostChoice } from './requests-by-host.ts';
import { isStaticAsset } from './static-asset.ts';

type Headers = readonly (readonly [string, string])[];

/** An entry whose address can be requested. */
interface Entry {
  readonly method: string;
  readonly url: URL;
  readonly origin: string;
  readonly requestHeaders: Headers;
  readonly responseHeaders: Headers;
  readonly request: JsonObject;
  readonly response: JsonObject;
  readonly startMs: number;
  readonly endMs: number;
  readonly resourceType: string;
}

/**
 * Reads a HAR file, as browsers and proxies record it (HTTP Archive 1.2).
 *
 * Must hold:
 * - Requests are in the order of their start: `correlate` looks for values of earlier answers in later requests.
 * - A request over HTTP that is not imported is listed in `leftOut` with the reason.
 *
 * @param name of the file: in errors, and the name of the journey
 * @param hosts which origins are kept beside that of the first request
 * @throws ImportError
 */
export function readHar(text: string, name: string, hosts: HostChoice): Imported {
  const document = parseJson(text.replace(/^\uFEFF/, ''));
  const entries = memberOf(memberOf(document, 'log'), 'entries');
  if (!Array.isArray(entries))
    throw new ImportError(
      `${name} is no HAR file: ${isObject(document) ? 'it has no log.entries' : 'it is not JSON'}`,
      'a recording of a browser: developer tools, Network, "Save all as HAR with content"',
    );
  const leftOut = new LeftOutList();
  const usable = entries
    .flatMap((each: unknown) => entryOf(each, leftOut))
    .toSorted((a, b) => a.startMs - b.startMs)
    .filter((each) => isWanted(each, leftOut));
  dropLeadingRedirects(usable, leftOut);
  const [first] = usable;
  if (first === undefined)
    throw new ImportError(
      `${name} has no request that a test could send`,
      'at least one request that is neither a static asset nor aborted',
    );
  const kept = keepHosts(usable, first.origin, hosts, leftOut, describe);
  const { requests, notes } = dropJarCookies(
    kept.map((each) => ({ request: requestOf(each), setCookies: setCookies(each) })),
  );
  const hasAnswers = kept.some(({ response }) => textOf(memberOf(response['content'], 'text')) !== '');
  const usesCookies = kept.slice(0, -1).some((each) => setCookies(each).length > 0);
  return {
    journeys: [{ name: name.replace(/\.har$/i, '').replace(/^.*[/\\]/, '') || 'recording', requests }],
    origin: first.origin,
    secrets: [],
    leftOut: leftOut.list(),
    ...(usesCookies ? { usesCookies } : {}),
    notes: [
      ...notes,
      ...kept
        .filter(lacksBody)
        .map((each) => `The recording lacks the body of ${describe(each)}: add it to the file.`),
      ...kept.flatMap((each) =>
        emptyFiles(each).map(
          (file) =>
            `The recording lacks the content of ${file}, which ${describe(each)} sends: add it to the file.`,
        ),
      ),
      ...(hasAnswers
        ? []
        : [
            'The recording has no contents of answers: ids that come from them are written as recorded. Save it "with content".',
          ]),
    ],
  };
}

function headersOf(value: unknown): Headers {
  return listOf(value).map(
    (each) => [textOf(memberOf(each, 'name')), textOf(memberOf(each, 'value'))] as const,
  );
}

function entryOf(value: unknown, leftOut: LeftOutList): Entry[] {
  const entry = objectOf(value);
  const request = objectOf(entry['request']);
  const response = objectOf(entry['response']);
  const address = textOf(request['url']);
  const method = textOf(request['method']) || 'GET';
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    leftOut.add('entry without a URL', shownAddress(address).slice(0, 80) || '(empty)');
    return [];
  }
  if (url.protocol === 'ws:' || url.protocol === 'wss:' || textOf(entry['_resourceType']) === 'websocket') {
    leftOut.add('WebSocket', `${url.host}${url.pathname}`);
    return [];
  }
  // data:, blob: and extensions of the browser never reach a server.
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return [];
  const startMs = Date.parse(textOf(entry['startedDateTime']));
  const tookMs = Number(entry['time']);
  const start = Number.isFinite(startMs) ? startMs : 0;
  return [
    {
      method,
      url,
      origin: url.origin,
      requestHeaders: headersOf(request['headers']),
      responseHeaders: headersOf(response['headers']),
      request,
      response,
      startMs: start,
      endMs: start + (Number.isFinite(tookMs) && tookMs > 0 ? tookMs : 0),
      resourceType: textOf(entry['_resourceType']),
    },
  ];
}

function describe({ method, url }: Entry): string {
  return `${method} ${url.pathname}`;
}

function isWanted(entry: Entry, leftOut: LeftOutList): boolean {
  const { method, requestHeaders, response, resourceType, url } = entry;
  const mimeType = textOf(memberOf(response['content'], 'mimeType'));
  if (isStaticAsset(method, url.pathname, mimeType, resourceType))
    leftOut.add('static asset', describe(entry));
  else if (method === 'OPTIONS' && headerOf(requestHeaders, 'access-control-request-method') !== '')
    leftOut.add('preflight of a browser', describe(entry));
  else if (methodOf(method) === undefined) leftOut.add(`method ${method.slice(0, 20)}`, describe(entry));
  else if (!(Number(response['status']) >= 100)) leftOut.add('request without an answer', describe(entry));
  else return true;
  return false;
}

/**
 * Removes requests at the beginning that only led to the address of the recording: `http://shop.org` to `https://shop.org`,
 * `shop.org` to `www.shop.org`. That address is the target of the test.
 */
function dropLeadingRedirects(entries: Entry[], leftOut: LeftOutList): void {
  for (;;) {
    const [first, next] = entries;
    if (first === undefined || next === undefined || !leadsToSameSite(first)) return;
    leftOut.add(
      `redirect to ${redirectOf(first)!.origin}, the address of this test`,
      `${first.origin}${first.url.pathname}`.slice(0, 80),
    );
    entries.shift();
  }
}

function leadsToSameSite(entry: Entry): boolean {
  const to = redirectOf(entry);
  const siteOf = ({ hostname }: URL): string => hostname.replace(/^www\./, '');
  return to !== undefined && to.origin !== entry.origin && siteOf(to) === siteOf(entry.url);
}

function redirectOf({ url, response, responseHeaders }: Entry): URL | undefined {
  const status = Number(response['status']);
  const location = headerOf(responseHeaders, 'location') || textOf(response['redirectURL']);
  if (status < 300 || status > 399 || location === '' || !URL.canParse(location, url.href)) return undefined;
  return new URL(location, url);
}

function setCookies({ responseHeaders }: Entry): readonly string[] {
  return responseHeaders
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .flatMap(([, value]) => value.split('\n'));
}

function requestOf(entry: Entry): ImportedRequest {
  const { method, url, origin, requestHeaders, response, startMs, endMs } = entry;
  const body = bodyOf(entry);
  const status = Number(response['status']);
  const name = graphqlName(body);
  return {
    method: methodOf(method) ?? 'GET',
    origin,
    route: url.pathname,
    params: [],
    query: [...url.searchParams],
    headers: keptHeaders(
      lacksBody(entry)
        ? requestHeaders.filter(([each]) => each.toLowerCase() !== 'content-type')
        : requestHeaders,
      body,
    ),
    recorded: { startMs, endMs },
    ...(body === undefined ? {} : { body }),
    ...(name === undefined ? {} : { name }),
    ...(isAlone(entry, status) ? { isAlone: true } : {}),
    ...(status >= 400 && status <= 599 ? { expect: [status] } : {}),
    ...answerOf(response),
  };
}

/** The body, from its text or from the fields that recordings have in its place. */
function bodyOf({ request, requestHeaders }: Entry): ImportedBody | undefined {
  const postData = objectOf(request['postData']);
  const fields = listOf(postData['params']);
  const type = headerOf(requestHeaders, 'content-type') || textOf(postData['mimeType']);
  const text = textOf(postData['text']);
  if (text !== '' || fields.length === 0) return readBody(text, type);
  if (type.startsWith('application/x-www-form-urlencoded'))
    return { kind: 'form', fields: headersOf(fields) };
  return type.startsWith('multipart/form-data')
    ? { kind: 'multipart', parts: fields.map(partOf) }
    : undefined;
}

function partOf(field: unknown): readonly [string, ImportedPart] {
  const value = textOf(memberOf(field, 'value'));
  const name = textOf(memberOf(field, 'fileName'));
  const type = textOf(memberOf(field, 'contentType'));
  return [
    textOf(memberOf(field, 'name')),
    name === ''
      ? { kind: 'value', value }
      : { kind: 'content', content: value, name, ...(type === '' ? {} : { type }) },
  ];
}

/** Files whose names the recording has, and not their content. */
function emptyFiles(entry: Entry): readonly string[] {
  const body = bodyOf(entry);
  return body?.kind !== 'multipart'
    ? []
    : body.parts.flatMap(([, part]) => (part.kind === 'content' && part.content === '' ? [part.name] : []));
}

/** Whether what a browser requests next depends on this answer: a page, a redirect, or one that sets a cookie. */
function isAlone(entry: Entry, status: number): boolean {
  const type = textOf(memberOf(entry.response['content'], 'mimeType'));
  return (
    entry.resourceType === 'document' ||
    (status >= 300 && status <= 399 && status !== 304) ||
    type.startsWith('text/html') ||
    setCookies(entry).length > 0
  );
}

/** Whether a body was sent that the recording lacks, such as one with a file. */
function lacksBody(entry: Entry): boolean {
  const { requestHeaders, request } = entry;
  if (bodyOf(entry) !== undefined) return false;
  const hasFields = listOf(memberOf(request['postData'], 'params')).length > 0;
  const isMultipart = headerOf(requestHeaders, 'content-type').startsWith('multipart/');
  return hasFields || isMultipart || Number(request['bodySize']) > 0;
}

function answerOf(response: JsonObject): { readonly answer?: unknown; readonly page?: string } {
  const content = objectOf(response['content']);
  const text = textOf(content['text']);
  if (text === '') return {};
  const plain = content['encoding'] === 'base64' ? Buffer.from(text, 'base64').toString() : text;
  if (textOf(content['mimeType']).startsWith('text/html')) return { page: plain };
  const answer = parseJson(plain);
  return answer === undefined ? {} : { answer };
}
