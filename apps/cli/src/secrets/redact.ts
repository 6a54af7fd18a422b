import { secretForms, SHORTEST_SECRET } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
/** What stands in the place of a secret. */
export const REDACTED = '***';

/** Names of fields, headers and parameters whose values are secrets. */
const SECRET_NAME =
  /(^|[_-])(pass(word|wd|phrase)?|secret|(access|refresh|id|auth|session|csrf|api)?[_-]?token|authorization|credentials?|api[_-]?key|cookie|set-cookie)$/i;
const JWT = /\beyJ[\w-]{5,}\.[\w-]{2,}\.[\w-]*/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;

/** Whether a field or header of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** Removes secrets from anything that is shown or kept. Knows the secrets of this run, and what secrets look like. */
export class Redactor {
  readonly #forms: readonly string[];

  constructor(secrets: readonly (string | undefined)[]) {
    const known = secrets.filter(
      (secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET,
    );
    // longest first, so that a secret inside another leaves no rest
    this.#forms = [...new Set(known.flatMap(secretForms))].sort((a, b) => b.length - a.length);
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

  /** A document, the run's secrets replaced wherever words of a target stand in it. */
  result(result: RunResult): RunResult {
    const { errors, exceptions, notes, run } = result;
    return {
      ...result,
      errors: this.#texts(errors),
      exceptions: this.#texts(exceptions),
      notes: this.#texts(notes),
      run: { ...run, end: this.#texts(run.end) },
    };
  }

  /** Every text at any depth, whatever its name. */
  #texts<T>(value: T): T {
    const clean = (part: unknown): unknown => {
      if (typeof part === 'string') return this.text(part);
      if (Array.isArray(part)) return part.map(clean);
      if (part === null || typeof part !== 'object') return part;
      return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, clean(field)]));
    };
    return clean(value) as T;
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
