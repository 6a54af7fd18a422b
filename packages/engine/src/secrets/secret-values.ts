import { isPlainHeader, isSecretName } from './secret-names.ts';

/**
 * Text that may hold a secret, kept as it is until somebody needs the values. Of a `Set-Cookie` header the caller gives the part
 * before the first `;`: values of attributes, such as a path, would count as secrets.
 */
export interface SecretSource {
  readonly kind: 'header' | 'cookie' | 'body' | 'path';
  readonly text: string;
}

/** What a login is known by; with its password it makes the credentials of `Basic`. */
const LOGIN_NAME = /^(user(_?name)?|login|e?mail|client_?id|account)$/i;

/** A header that names the kind of its credentials first. */
const SCHEME = /^(?:bearer|basic|token|api-?key|api-?token|key|splunk|negotiate)\s+(.+)$/i;

/** The values that an answer may repeat; also short ones, which `Redactor.add` leaves out. */
export function secretValues({ kind, text }: SecretSource): readonly string[] {
  if (kind === 'path') return fieldValues(text.slice(text.indexOf('?') + 1));
  if (kind === 'cookie') return [text, ...cookieValues(text)];
  if (kind === 'body') return bodyValues(text);
  const credentials = SCHEME.exec(text)?.[1];
  return credentials === undefined ? [text] : [text, credentials, ...passwordOf(text, credentials)];
}

/** The source of a header; `undefined` where its value is no secret. */
export function headerSource(name: string, text: string): SecretSource | undefined {
  if (isPlainHeader(name)) return undefined;
  return { kind: /^(set-)?cookie$/i.test(name) ? 'cookie' : 'header', text };
}

/** Where secrets of one exchange are: the `Set-Cookie` headers of its answer, without their attributes, and the text that was sent. */
export function secretsOf(setCookies: readonly string[], sent: unknown): SecretSource[] {
  const sources = setCookies.map((text): SecretSource => ({ kind: 'cookie', text: text.split(';', 1)[0]! }));
  if (typeof sent === 'string') sources.push({ kind: 'body', text: sent });
  return sources;
}

function cookieValues(cookie: string): string[] {
  return cookie.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1));
}

function passwordOf(header: string, credentials: string): readonly string[] {
  if (!/^basic/i.test(header)) return [];
  const text = Buffer.from(credentials, 'base64').toString();
  return [text, text.slice(text.indexOf(':') + 1)];
}

/** Fields of JSON at any depth, or those of a form. */
function bodyValues(text: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fieldValues(text);
  }
  const found: string[] = [];
  addFields(value, found);
  return found;
}

function fieldValues(form: string): string[] {
  const found: string[] = [];
  addEntries([...new URLSearchParams(form)], found);
  return found;
}

function addFields(value: unknown, found: string[]): void {
  if (typeof value === 'object' && value !== null) addEntries(Object.entries(value), found);
}

/** Of entries that belong together; a form may have several of one name. */
function addEntries(entries: readonly (readonly [string, unknown])[], found: string[]): void {
  const logins: string[] = [];
  const secrets: string[] = [];
  for (const [name, field] of entries) {
    if (typeof field !== 'string') addFields(field, found);
    else if (isSecretName(name)) secrets.push(field);
    else if (LOGIN_NAME.test(name)) logins.push(field);
  }
  found.push(...secrets, ...secrets.flatMap((secret) => logins.map((login) => `${login}:${secret}`)));
}
