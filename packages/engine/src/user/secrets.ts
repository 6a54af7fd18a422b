const JSON_SECRET = /("(?:[a-z_-]*(?:token|password|secret|api_?key))"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;
const QUERY_SECRET = /([?&][^=&#\s]*(?:token|password|secret|api_?key)[^=&#\s]*=)[^&#\s]*/gi;
const BEARER = /\b(Bearer\s+)[A-Za-z0-9._~+/-]+=*/g;
const JWT = /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g;

/** Text with what looks like a credential replaced: JSON fields, query parameters, bearer tokens, JWTs. */
export function secretsRemoved(text: string): string {
  return text
    .replace(JSON_SECRET, '$1"[redacted]"')
    .replace(QUERY_SECRET, '$1[redacted]')
    .replace(BEARER, '$1[redacted]')
    .replace(JWT, '[redacted]');
}
