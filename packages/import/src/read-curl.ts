import { shownAddress } from '@jarvis-load/engine';
import { curlOptions, type CurlOption } from './curl-options.ts';
import { headerOf, keptHeaders } from './headers.ts';
import { ImportError } from './import-error.ts';
import { methodOf } from './methods.ts';
import type { Imported, ImportedBody, ImportedPart, ImportedRequest } from './model.ts';
import { graphqlName, readBody } from './read-body.ts';
import { splitCurl } from './split-curl.ts';

/** What curl takes for several addresses. */
const SEVERAL = /\{[^{}]*,[^{}]*\}|\[(?:\d+-\d+|[a-z]-[a-z])(?::\d+)?\]/i;
const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads curl commands as people copy them from a browser or from documentation.
 *
 * Must hold:
 * - No file is read, and nothing is expanded as a shell does.
 * - A file is a whole body or a part of a multipart form; elsewhere in a body, and in a query, `@file` is an error. Files of
 *   headers and cookies are left out with a note.
 * - Headers that curl adds are added only where the command has none of that name.
 *
 * @param texts each with one command or more
 * @throws ImportError
 */
export function readCurl(texts: readonly string[]): Imported {
  const notes: string[] = [];
  const commands = texts.flatMap((text) => splitCurl(text)).map((words) => curlOptions(words));
  const requests = commands.map((options) => requestOf(options, notes));
  // A file of cookies, which `-c` writes: what answers set is sent again.
  const usesCookies = commands.some((options) =>
    options.some(({ name, value }) => name === 'cookie' && !value.includes('=')),
  );
  return {
    journeys: [{ name: 'requests', requests }],
    origin: requests[0]?.origin ?? '',
    secrets: [],
    leftOut: [],
    ...(usesCookies ? { usesCookies } : {}),
    notes: [...new Set(notes)],
  };
}

function requestOf(options: readonly CurlOption[], notes: string[]): ImportedRequest {
  const all = (...names: readonly string[]): readonly CurlOption[] =>
    options.filter(({ name }) => names.includes(name));
  const has = (name: string): boolean => all(name).length > 0;
  const [address = ''] = all('url').map(({ value }) => value);
  const url = urlOf(all('url').map(({ value }) => value));
  const [several] = has('globoff') ? [] : (SEVERAL.exec(address) ?? []);
  if (several !== undefined)
    notes.push(
      `curl: sends a request for each of ${several}; the address is taken as it stands (see --globoff)`,
    );
  const headers = headersOf(options, notes);
  const data = all('data', 'data-raw', 'data-ascii', 'data-binary', 'data-urlencode', 'json');
  const isQuery = has('get');
  for (const each of [...all('url-query'), ...(isQuery ? data : [])]) append(url, dataText(each, QUERY));
  const body =
    has('form') || has('form-string')
      ? multipartOf(all('form', 'form-string'), notes)
      : has('upload-file')
        ? fileBody(all('upload-file')[0]!.value, headerOf(headers, 'content-type'))
        : isQuery
          ? undefined
          : dataBody(data, headerOf(headers, 'content-type'));
  const hasBody = body !== undefined || (data.length > 0 && !isQuery);
  const usual = has('head') ? 'HEAD' : has('upload-file') ? 'PUT' : hasBody ? 'POST' : 'GET';
  const asked = all('request').at(-1)?.value ?? usual;
  const method = methodOf(asked);
  if (method === undefined)
    throw new ImportError(
      `curl: the method ${asked.slice(0, 20)} cannot be sent`,
      'GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS',
    );
  const name = graphqlName(body);
  return {
    method,
    origin: url.origin,
    route: url.pathname,
    params: [],
    query: [...url.searchParams],
    headers: keptHeaders(headers, body),
    ...(body === undefined ? {} : { body }),
    ...(name === undefined ? {} : { name }),
    ...(has('location') ? { redirects: true } : {}),
  };
}

function urlOf(given: readonly string[]): URL {
  const [address] = given;
  if (address === undefined || given.length > 1)
    throw new ImportError(
      address === undefined
        ? 'curl: the line has no URL'
        : `curl: the line has ${given.length} URLs: ${given.map(shownAddress).join(' ').slice(0, 120)}`,
      'one URL for each curl line',
      address === undefined ? undefined : 'one --curl for each, or quote what belongs together',
    );
  try {
    const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // Reported below.
  }
  throw new ImportError(
    `curl: "${shownAddress(address).slice(0, 120)}" is no URL that can be requested`,
    'an http:// or https:// URL, with variables of the shell replaced',
  );
}

function headersOf(options: readonly CurlOption[], notes: string[]): readonly (readonly [string, string])[] {
  const given = options.flatMap(({ name, value }): (readonly [string, string])[] => {
    if (name !== 'header') return [];
    if (value.startsWith('@')) notes.push(`curl: the headers of the file ${value.slice(1)} are left out`);
    const at = value.indexOf(':');
    // `Name;` is a header without a value, `Name:` removes one of curl's own.
    if (at < 1 || value.slice(at + 1).trim() === '') return [];
    if (/^host$/i.test(value.slice(0, at).trim()))
      notes.push('curl: the header host is left out; it is that of the address');
    return [[value.slice(0, at), value.slice(at + 1).trim()]];
  });
  const made = options.flatMap((option) => impliedHeaders(option, notes));
  // curl makes its own only where the line has none, and of options that are given twice takes the last; cookies add up.
  const last = new Map(made);
  const own = made.filter((pair) => pair[0] === 'cookie' || last.get(pair[0]) === pair[1]);
  const once = own.filter(
    (pair, at) => own.findIndex(([name, value]) => name === pair[0] && value === pair[1]) === at,
  );
  return [...given, ...once.filter(([name]) => headerOf(given, name) === '')];
}

/** The headers that curl makes of another option. */
function impliedHeaders({ name, value }: CurlOption, notes: string[]): (readonly [string, string])[] {
  switch (name) {
    case 'user':
      return [['authorization', basic(value)]];
    case 'url': {
      const { username, password } = urlOf([value]);
      return username === ''
        ? []
        : [['authorization', basic(`${unescaped(username)}:${unescaped(password)}`)]];
    }
    case 'oauth2-bearer':
      return [['authorization', `Bearer ${value}`]];
    case 'cookie':
      if (value.includes('=')) return [['cookie', value]];
      notes.push(
        `curl: the cookies of the file ${value} are left out; --cookies keeps those that answers set`,
      );
      return [];
    case 'compressed':
      return [['accept-encoding', 'gzip, deflate, br']];
    case 'json':
      return [
        ['accept', 'application/json'],
        ['content-type', 'application/json'],
      ];
    default:
      return [];
  }
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function append(url: URL, pairs: string): void {
  for (const [name, value] of new URLSearchParams(pairs)) url.searchParams.append(name, value);
}

/** Where the text of an option goes, and what is expected in place of a file. */
const QUERY = ['the query', 'its text, such as --url-query q=tea'] as const;
const BODY = [
  'a part of the body',
  'one file as the whole body, such as --data-binary @orders.json, or -F photo=@cup.jpg',
] as const;

/** The text that an option adds to the query or the body. @throws ImportError for one that reads a file */
function dataText({ name, value }: CurlOption, place: typeof QUERY | typeof BODY): string {
  if (name === 'url-query' && value.startsWith('+')) return value.slice(1);
  if (name === 'data-urlencode' || name === 'url-query') {
    const at = value.indexOf('=');
    if (at < 0 && value.includes('@')) throw fileRefused(`--${name} ${value}`, place);
    const encoded = new URLSearchParams([['', value.slice(at + 1)]]).toString().slice(1);
    return at > 0 ? `${value.slice(0, at)}=${encoded}` : encoded;
  }
  if (name !== 'data-raw' && value.startsWith('@')) throw fileRefused(`--${name} ${value}`, place);
  return value;
}

function fileRefused(option: string, [what, expected]: typeof QUERY | typeof BODY): ImportError {
  return new ImportError(`curl: ${option.slice(0, 80)} reads a file for ${what}`, expected);
}

function dataBody(data: readonly CurlOption[], contentType: string): ImportedBody | undefined {
  const [first] = data;
  if (first === undefined) return undefined;
  if (
    data.length === 1 &&
    first.name !== 'data-raw' &&
    first.name !== 'data-urlencode' &&
    first.value.startsWith('@')
  )
    return fileBody(first.value.slice(1), contentType === '' ? FORM : contentType);
  const isJson = data.every(({ name }) => name === 'json');
  const text = data.map((each) => dataText(each, BODY)).join(isJson ? '' : '&');
  const type = contentType === '' ? FORM : contentType;
  // JSON or XML under the content type of a form, which is the default of curl: the body stays text.
  if (type.startsWith(FORM) && /^\s*[{[<]/.test(text)) return { kind: 'text', text, type };
  // An empty body has a content type, too.
  return text === '' && type.startsWith(FORM) ? { kind: 'form', fields: [] } : readBody(text, type);
}

function fileBody(path: string, type: string): ImportedBody {
  if (path === '-' || path === '')
    throw new ImportError('curl: the body comes from standard input (@-)', 'a file, or the text of the body');
  return { kind: 'file', path, type };
}

function multipartOf(options: readonly CurlOption[], notes: string[]): ImportedBody {
  return {
    kind: 'multipart',
    parts: options.map(({ name, value }): readonly [string, ImportedPart] => {
      const at = value.indexOf('=');
      if (at < 1)
        throw new ImportError(
          `curl: -F ${value.slice(0, 80)} has no name`,
          '-F name=value, or -F name=@file',
        );
      const field = value.slice(0, at);
      const content = value.slice(at + 1);
      if (name === 'form-string') return [field, { kind: 'value', value: content }];
      if (content.startsWith('<')) throw fileRefused(`-F ${value}`, BODY);
      const { text, settings } = formContent(content);
      const setting = (key: string): string | undefined =>
        settings
          .find((each) => each.startsWith(`${key}=`))
          ?.slice(key.length + 1)
          .replace(/^"(.*)"$/, '$1');
      const type = setting('type');
      const fileName = setting('filename');
      if (!content.startsWith('@')) {
        if (fileName !== undefined)
          return [
            field,
            { kind: 'content', content: text, name: fileName, ...(type === undefined ? {} : { type }) },
          ];
        if (type !== undefined)
          notes.push(
            `curl: the content type of the field ${field} is left out: fields without a file name have none`,
          );
        return [field, { kind: 'value', value: text }];
      }
      const path = text.slice(1);
      if (path === '-') throw new ImportError('curl: a part comes from standard input (@-)', 'a file');
      return [
        field,
        {
          kind: 'file',
          path,
          ...(fileName === undefined ? {} : { name: fileName }),
          ...(type === undefined ? {} : { type }),
        },
      ];
    }),
  };
}

/** What `-F` gives a field: its text, in quotes where it has a semicolon or comma, and settings such as `type=text/plain`. */
function formContent(content: string): { readonly text: string; readonly settings: readonly string[] } {
  const [all, at, quoted] = /^(@?)"((?:[^"\\]|\\.)*)"\s*(?=;|$)/s.exec(content) ?? [];
  const [plain = '', ...settings] = content
    .slice(all?.length ?? 0)
    .split(/;\s*(?=(?:type|filename|encoder|headers)=)/);
  return {
    text: all === undefined ? plain : `${at}${quoted!.replaceAll(/\\(["\\])/g, '$1')}`,
    settings,
  };
}
