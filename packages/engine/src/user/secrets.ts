const JSON_SECRET = /("(?:[a-z_-]*(?:token|password|secret|api_?key))"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;
const QUERY_SECRET = /([?&][^=&#\s]*(?:token|password|secret|api_?key)[^=&#\s]*=)[^&#\s]*/gi;
const BEARER = /\b(Bearer\s+)[A-Za-z0-9._~+/-]+=*/g;
const JWT = /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g;

/** Redacts what looks like a credential: JSON fields, query parameters, bearer tokens, JWTs. */
export function secretsRemoved(text: string): string {
  return text
    .replace(JSON_SECRET, '$1"[redacted]"')
    .replace(QUERY_SECRET, '$1[redacted]')
    .replace(BEARER, '$1[redacted]')
    .replace(JWT, '[redacted]');
}

/**
 * Shortest value that is redacted anywhere; replacing shorter ones would blank ordinary words. They are redacted only
 * by the name of their field.
 */
export const SHORTEST_SECRET = 4;

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** A secret in the forms in which a page may repeat it: as it is, in JSON, in a URL, in HTML, in base64. */
export function secretForms(secret: string): readonly string[] {
  const url = encodeURIComponent(secret.replace(LONE_SURROGATES, '\ufffd'));
  const html = secret.replace(/[&<>"']/g, (character) => HTML[character]!);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    url,
    url.replaceAll('%20', '+'),
    html,
    html.replaceAll('&#39;', '&#x27;'),
    Buffer.from(secret).toString('base64'),
  ];
}

/** Headers of the engine and of HTTP itself, whose values are no secrets; every other value may be one. */
const PLAIN_HEADER =
  /^(host|accept.*|content-.*|user-agent|connection|cache-control|x-load-.*|origin|referer)$/i;
const SECRET_FIELD = /token|password|secret|api_?key/i;

/** The values of a request that an answer may repeat: headers, cookies, and the secret fields of its body. */
export function secretsOfRequest(
  headers: Readonly<Record<string, string>>,
  body: unknown,
): readonly string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (PLAIN_HEADER.test(name)) continue;
    found.push(value);
    if (/^cookie$/i.test(name))
      for (const pair of value.split(/;\s*/)) found.push(pair.slice(pair.indexOf('=') + 1));
    const credentials = /^(?:bearer|basic)\s+(.+)$/i.exec(value)?.[1];
    if (credentials !== undefined) found.push(credentials);
  }
  if (typeof body === 'object' && body !== null)
    for (const [name, value] of Object.entries(body))
      if (typeof value === 'string' && SECRET_FIELD.test(name)) found.push(value);
  return found;
}

/** Redacts these values, in every form of {@link secretForms}, and what looks like a credential. */
export function valuesRemoved(text: string, secrets: readonly string[]): string {
  // Longest first: replacing a secret contained in another would leave the rest of the longer one.
  const forms = [
    ...new Set(secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(secretForms)),
  ].sort((a, b) => b.length - a.length);
  return secretsRemoved(forms.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text));
}
