import type { RunResult } from '../document/schema.ts';
import type { RunEnd, RunInfo } from '../model/run-info.ts';
import type { SnapshotPart } from '../model/snapshot-part.ts';
import { cleanPart } from './clean-part.ts';
import { secretForms, SHORTEST_SECRET } from './secret-forms.ts';
import { isSecretName, looksSecret, looksSecretInQuery } from './secret-names.ts';

/*
 * Must hold:
 * - It finds values that it was given, 4 characters or longer, and what looks like a token or credentials; nothing else. Who
 *   learns of a secret calls `add` before a text that may hold it is shown or kept.
 * - Text is redacted before it is cut (`excerpt`): half of a secret is not found.
 * - `json` hides fields by their names, too, and so damages data with such names as keys; the others do not.
 * - `result`, `head`, `delta` and `end` change the words of a target or of scenario code, and no name of a scenario, operation, metric,
 *   threshold, outcome or code: a secret may be spelt like one, and the record could not be read.
 */

/** What stands in the place of a secret: shorter than any value that is replaced, so that none is part of it. */
export const REDACTED = '***';

/** The name of a field of JSON whose value is text. */
const FIELD_NAME = /"([\w.[\]%-]{1,200})"\s*:\s*(?=")/g;
const FIELD_TEXT = /"(?:[^"\\]|\\.)*"?/sy;
/**
 * A parameter of a query or form whose name may be secret; the value of a flag such as `--set=name=value` has one, too. The length
 * of names is bounded: a long body of JSON without blanks would take a time that grows with its square.
 */
const PARAMETER =
  /(?<=^|[?&=\s])([^=&#\s?]{0,100}?(?:token|pass|pwd|secret|key|authorization|credential|cookie)[^=&#\s?]{0,100})=[^&#\s]*/gi;
/** The login of an address: what stands before the last `@` of its host. */
const LOGIN = /(:(?:\\?\/){2})[^\s/?#"<>\\]*@/g;
const BEARER = /\b(Bearer)\s+[\w.~+/=-]+/gi;
/** Not the words "Basic authentication": base64 of a login has a capital or a digit. */
const BASIC = /\b([Bb]asic|BASIC)\s+(?=[\w+/-]*[A-Z\d=])[\w+/=-]{6,}/g;
const JWT = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;

/** Something whose secrets are known. */
export interface SecretsOwner {
  redactor(): Redactor;
}

/** Removes secrets from anything that is shown or kept. Knows values, and what secrets look like. */
export class Redactor {
  readonly #values = new Set<string>();
  /** Forms of the values by their first four characters, the longest first; made when they are needed. */
  #forms: Map<number, string[]> | undefined;
  #longest = 0;

  constructor(values: Iterable<string | undefined> = []) {
    this.add(values);
  }

  /** From now on these values are removed, too. */
  add(values: Iterable<string | undefined>): void {
    for (const value of values) {
      if (value === undefined || value.length < SHORTEST_SECRET || this.#values.has(value)) continue;
      this.#values.add(value);
      this.#forms = undefined;
    }
  }

  /** Text without the values in whichever form, and without tokens and credentials. */
  text(text: string): string {
    return withoutFields(this.#withoutValues(text))
      .replace(PARAMETER, (parameter, name: string, at: number, whole: string) =>
        (/[?&]/.test(whole[at - 1] ?? '') ? looksSecretInQuery(name) : looksSecret(name))
          ? `${name}=${REDACTED}`
          : parameter,
      )
      .replace(LOGIN, `$1${REDACTED}@`)
      .replace(BEARER, `$1 ${REDACTED}`)
      .replace(BASIC, `$1 ${REDACTED}`)
      .replace(JWT, REDACTED);
  }

  /** The first characters of the text that {@link text} makes; no half of a secret stands where it is cut. */
  excerpt(text: string, length: number): string {
    this.#prepare();
    const window = 4 * length + this.#longest;
    if (text.length <= window) return this.text(text).slice(0, length);
    const clean = this.text(text.slice(0, window));
    return clean.slice(0, Math.max(0, Math.min(length, clean.length - this.#longest)));
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
    return this.#deep(value, (name, field) => isSecretName(name) && field !== null && field !== '');
  }

  /** A document, secrets replaced wherever words of a target or of scenario code stand in it. */
  result(result: RunResult): RunResult {
    const { checks, config, errors, exceptions, notes, run, tags, verdict } = result;
    return {
      ...result,
      ...(tags && { tags: tags.map((each) => ({ ...each, value: this.text(each.value) })) }),
      config: this.texts(config),
      verdict: { ...verdict, reasons: this.#texts(verdict.reasons) },
      checks: checks.map((check) => ({ ...check, name: this.text(check.name) })),
      errors: errors.map(({ example, ...error }) => ({
        ...error,
        message: this.text(error.message),
        example: {
          ...example,
          message: this.text(example.message),
          request: this.text(example.request),
          body: this.text(example.body),
        },
      })),
      exceptions: exceptions.map((exception) => ({
        ...exception,
        message: this.text(exception.message),
        traceback: this.text(exception.traceback),
      })),
      notes: this.#texts(notes),
      run: { ...run, tags: this.texts(run.tags), end: this.#reason(run.end) },
    };
  }

  /** The head of a written record. */
  head(info: RunInfo): RunInfo {
    const { tags, config, notes } = info;
    return { ...info, tags: this.texts(tags), config: this.texts(config), notes: this.#texts(notes) };
  }

  /** What was measured in an interval, for whoever sends or keeps it. */
  delta(part: SnapshotPart): SnapshotPart {
    return cleanPart(part, (value) => this.texts(value));
  }

  /** The end of a written record. */
  end(end: RunEnd): RunEnd {
    return {
      ...end,
      end: this.#reason(end.end),
      exceptions: end.exceptions.map((exception) => ({
        ...exception,
        message: this.text(exception.message),
        traceback: exception.traceback === null ? null : this.text(exception.traceback),
      })),
      notes: this.#texts(end.notes),
    };
  }

  #texts<T extends { readonly text: string }>(all: readonly T[]): T[] {
    return all.map((each) => ({ ...each, text: this.text(each.text) }));
  }

  #reason(end: RunEnd['end']): RunEnd['end'] {
    return end.reason === undefined ? end : { ...end, reason: this.text(end.reason) };
  }

  /** The same value with secrets replaced in its texts, at any depth; names of fields tell nothing here. */
  texts<T>(value: T): T {
    return this.#deep(value, () => false) as T;
  }

  #deep(value: unknown, hidden: (name: string, field: unknown) => boolean): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((element) => this.#deep(element, hidden));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        hidden(name, field) ? REDACTED : this.#deep(field, hidden),
      ]),
    );
  }

  #prepare(): Map<number, string[]> {
    if (this.#forms !== undefined) return this.#forms;
    const forms = new Map<number, string[]>();
    this.#longest = 0;
    for (const form of new Set([...this.#values].flatMap(secretForms))) {
      this.#longest = Math.max(this.#longest, form.length);
      const key = beginning(form, 0);
      const same = forms.get(key);
      if (same === undefined) forms.set(key, [form]);
      else same.push(form);
    }
    for (const same of forms.values()) same.sort((a, b) => b.length - a.length);
    return (this.#forms = forms);
  }

  /** One pass whatever the number of values. Values that overlap are one gap, so that none leaves a rest. */
  #withoutValues(text: string): string {
    const forms = this.#prepare();
    if (forms.size === 0) return text;
    let clean = '';
    let kept = 0;
    let start = -1;
    let end = -1;
    for (let i = 0; i <= text.length - SHORTEST_SECRET; i++) {
      const found = forms.get(beginning(text, i))?.find((form) => text.startsWith(form, i));
      if (found === undefined) continue;
      if (i >= end) {
        if (start >= 0) clean += text.slice(kept, start) + REDACTED;
        if (start >= 0) kept = end;
        start = i;
      }
      end = Math.max(end, i + found.length);
    }
    return start < 0 ? text : clean + text.slice(kept, start) + REDACTED + text.slice(end);
  }
}

/** Text without the values of secret fields of JSON, also where the text is cut or several documents follow each other. */
function withoutFields(text: string): string {
  let clean = '';
  let kept = 0;
  for (const { 0: start, 1: name, index } of text.matchAll(FIELD_NAME)) {
    // A name inside a value that is left out already.
    if (index < kept || !looksSecret(name!)) continue;
    FIELD_TEXT.lastIndex = index + start.length;
    FIELD_TEXT.test(text);
    clean += `${text.slice(kept, index + start.length)}"${REDACTED}"`;
    kept = FIELD_TEXT.lastIndex;
  }
  return clean + text.slice(kept);
}

/** A number for the four characters at a place. */
function beginning(text: string, at: number): number {
  let key = 0;
  for (let i = at; i < at + SHORTEST_SECRET; i++) key = (Math.imul(key, 31) + text.charCodeAt(i)) | 0;
  return key;
}
