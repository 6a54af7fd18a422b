import type { BodyFiles } from './body-files.ts';
import { around, braces, brackets, type Source } from './layout.ts';
import { Dynamic, type ImportedBody, type ImportedPart, type ImportedRequest, type Pair } from './model.ts';
import { literal } from './source-text.ts';
import { jsonSource, memberSource, pairsSource, valueSource } from './values-source.ts';

/** Headers that all requests of the file have, by name, with the source of their values; the test file has them once. */
export type CommonHeaders = ReadonlyMap<string, string>;

/** A header as it is compared: the source of its value. */
function headerMap(headers: readonly Pair[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of headers) {
    const text = valueSource(value instanceof Dynamic ? new Dynamic(value.parts) : String(value ?? ''));
    // Several of one name are one, separated by commas (RFC 9110, 5.3), and cookies by semicolons (RFC 9113, 8.2.3).
    const before = map.get(name);
    const separator = name === 'cookie' ? '; ' : ', ';
    map.set(name, before === undefined ? text : `${before} + '${separator}' + ${text}`);
  }
  return map;
}

/** The headers of a request with those that its body implies. */
export function headersOf({ headers, body }: ImportedRequest): Map<string, string> {
  const map = headerMap(headers);
  const type =
    body?.kind === 'json' || body?.kind === 'text' || body?.kind === 'file' ? body.type : undefined;
  if (type !== undefined && type !== '') map.set('content-type', literal(type));
  return map;
}

/** The members of the options of a request. */
export function optionSources(
  request: ImportedRequest,
  common: CommonHeaders,
  files: BodyFiles,
): readonly Source[] {
  const { params, query, body, expect, redirects } = request;
  const own = headersOf(request);
  const headers = [
    ...(common.size > 0 ? ['...headers'] : []),
    ...[...own].filter(([name]) => !common.has(name)).map(([name, value]) => memberSource(name, value)),
  ];
  const onlyCommon = common.size > 0 && headers.length === 1;
  return [
    ...(params.length === 0 ? [] : [memberSource('params', pairsSource(params))]),
    ...(query.length === 0 ? [] : [memberSource('query', pairsSource(query))]),
    ...(headers.length === 0 ? [] : [onlyCommon ? 'headers' : memberSource('headers', braces(headers))]),
    ...(body === undefined ? [] : [bodySource(body, files)]),
    ...(expect === undefined ? [] : [memberSource('expect', brackets(expect.map(String)))]),
    ...(redirects === true ? ['redirects: true'] : []),
  ];
}

function bodySource(body: ImportedBody, files: BodyFiles): Source {
  switch (body.kind) {
    case 'json':
      return body.type === undefined
        ? memberSource('json', jsonSource(body.value))
        : around('body: JSON.stringify(', jsonSource(body.value), ')');
    case 'form':
      return memberSource('form', pairsSource(body.fields));
    case 'multipart':
      return memberSource('multipart', partsSource(body.parts, files));
    case 'text':
      return memberSource('body', valueSource(body.text));
    case 'file':
      return memberSource('body', files.variableOf(body));
  }
}

function partsSource(parts: readonly (readonly [string, ImportedPart])[], files: BodyFiles): Source {
  const byName = new Map<string, Source[]>();
  for (const [name, part] of parts) byName.set(name, [...(byName.get(name) ?? []), partSource(part, files)]);
  return braces(
    [...byName].map(([name, sources]) =>
      memberSource(name, sources.length === 1 ? sources[0]! : brackets(sources)),
    ),
  );
}

function partSource(part: ImportedPart, files: BodyFiles): Source {
  switch (part.kind) {
    case 'value':
      return valueSource(part.value ?? '');
    case 'file':
      return files.variableOf(part);
    case 'content':
      return braces([
        `content: ${valueSource(part.content)}`,
        `name: ${literal(part.name)}`,
        ...(part.type === undefined ? [] : [`type: ${literal(part.type)}`]),
      ]);
  }
}
