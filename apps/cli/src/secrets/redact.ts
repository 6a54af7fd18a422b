/** What stands in the place of a secret. */
export const REDACTED = '***';

/** Names of fields, headers and parameters whose values are secrets. */
const SECRET_NAME =
  /(^|[_-])(pass(word|wd|phrase)?|secret|(access|refresh|id|auth|session|csrf|api)?[_-]?token|authorization|credentials?|api[_-]?key|cookie|set-cookie)$/i;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const JWT = /\beyJ[\w-]{5,}\.[\w-]{2,}\.[\w-]*/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
/** Shorter values would blank ordinary words; a field of a secret's name is redacted whatever its length. */
const SHORTEST_FREE_SECRET = 4;

/** Whether a field or header of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** A secret as it may appear in text: as it is, in JSON, in a URL, in Basic credentials. */
function writtenForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    encodeURIComponent(secret.replace(LONE_SURROGATES, '\ufffd')),
    Buffer.from(secret).toString('base64'),
  ];
}

/** Removes secrets from anything that is shown or kept. Knows the secrets of this run, and what secrets look like. */
export class Redactor {
  readonly #forms: readonly string[];

  constructor(secrets: readonly (string | undefined)[]) {
    const known = secrets.filter(
      (secret): secret is string => secret !== undefined && secret.length >= SHORTEST_FREE_SECRET,
    );
    // longest first, so that a secret inside another leaves no rest
    this.#forms = [...new Set(known.flatMap(writtenForms))].sort((a, b) => b.length - a.length);
  }

  /** Text without the run's secrets, tokens and credentials. */
  text(text: string): string {
    let clean = text;
    for (const form of this.#forms) clean = clean.replaceAll(form, REDACTED);
    return clean.replace(JWT, REDACTED).replace(BEARER, `$1 ${REDACTED}`);
  }

  /** Headers, the values of secret ones replaced. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        isSecretName(name) ? REDACTED : this.text(value),
      ]),
    );
  }

  /** A JSON value, secret fields replaced at any depth. */
  json(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((element) => this.json(element));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        isSecretName(name) && field !== null && field !== '' ? REDACTED : this.json(field),
      ]),
    );
  }
}
