import { isObject, memberOf, parseJson } from './json.ts';
import type { ImportedBody } from './model.ts';
import { readMultipart } from './read-multipart.ts';

/** A whole number that JSON.parse may round. It also matches digits in a text: the body then stays text. */
const LONG_NUMBER = /[:[,\s]-?\d{16,}/;

/** The body of a recorded or typed request by its content type; `undefined` for none. */
export function readBody(text: string, contentType: string): ImportedBody | undefined {
  if (text === '') return undefined;
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded')
    return { kind: 'form', fields: [...new URLSearchParams(text)] };
  if (type === 'multipart/form-data') {
    const parts = readMultipart(text, contentType);
    if (parts !== undefined) return { kind: 'multipart', parts };
  }
  if (type === 'application/json' || type.endsWith('+json')) {
    const value = LONG_NUMBER.test(` ${text}`) ? undefined : parseJson(text);
    if (value !== undefined)
      return { kind: 'json', value, ...(type === 'application/json' ? {} : { type: contentType }) };
  }
  return { kind: 'text', text, type: contentType };
}

/** The name of a GraphQL request, which tells it from others of the same address. */
export function graphqlName(body: ImportedBody | undefined): string | undefined {
  if (body?.kind !== 'json' || !isObject(body.value) || typeof memberOf(body.value, 'query') !== 'string')
    return undefined;
  const name = memberOf(body.value, 'operationName');
  return typeof name === 'string' && /^[A-Za-z_]\w{0,60}$/.test(name) ? name : undefined;
}
