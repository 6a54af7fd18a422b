import { checkField, headLine, RequestProblem } from '../transport/head.ts';

/** Headers that the engine sets itself, or that request a protocol feature it does not support. */
const OF_THE_ENGINE: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

/** The part of a request that depends on its headers. */
export interface RequestHead {
  readonly head: string;
  readonly host: string | undefined;
  readonly close: boolean;
}

/**
 * The headers of all requests of a run, serialised once, as requests add or replace few of them. One object for all users of a
 * scenario and phase in a thread: it holds no state of a user. Every name and value is checked here, by `checkField`, and sent
 * as it is.
 */
export class RunHeaders implements RequestHead {
  readonly head: string;
  readonly host: string | undefined;
  readonly close: boolean;
  readonly #fields: ReadonlyMap<string, string>;
  /** Variants without some headers, by the names that a request replaces. */
  readonly #without = new Map<string, RunHeaders>();

  /**
   * @param headers names in lower case
   * @throws RequestProblem
   */
  constructor(headers: Readonly<Record<string, string>>) {
    const composed = new Composition();
    for (const name in headers) composed.add(name, name, headers[name]!);
    this.head = composed.head;
    this.host = composed.host;
    this.close = composed.close ?? false;
    this.#fields = new Map(Object.entries(headers));
  }

  /** @param name in lower case */
  value(name: string): string | undefined {
    return this.#fields.get(name);
  }

  /**
   * These headers with a request's own, which replace those of the same name in any case.
   * @param contentType for a request without its own content type
   * @throws RequestProblem
   */
  with(own: Readonly<Record<string, string>> | undefined, contentType?: string): RequestHead {
    if (own === undefined && contentType === undefined) return this;
    const composed = new Composition();
    let replaced = '';
    let typed = contentType === undefined || this.#fields.has('content-type');
    for (const written in own) {
      const value = own[written];
      if (value === undefined) continue;
      const name = written.toLowerCase();
      composed.add(name, written, value);
      if (this.#fields.has(name)) replaced += `${name}\n`;
      if (name === 'content-type') typed = true;
    }
    if (!typed) composed.head += headLine('content-type', contentType!);
    const rest = replaced === '' ? this : this.#lacking(replaced);
    composed.head += rest.head;
    composed.host ??= rest.host;
    composed.close ??= rest.close;
    return composed as RequestHead;
  }

  #lacking(names: string): RunHeaders {
    let rest = this.#without.get(names);
    if (rest === undefined) {
      const lacking = new Set(names.split('\n'));
      rest = new RunHeaders(Object.fromEntries([...this.#fields].filter(([name]) => !lacking.has(name))));
      this.#without.set(names, rest);
    }
    return rest;
  }
}

/**
 * The fields that `RunHeaders.with` sends, by name: for k6, which writes the head itself.
 * @param common names in lower case
 * @throws RequestProblem
 */
export function mergeHeaders(
  common: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string | undefined>> | undefined,
): Record<string, string> {
  const fields: Record<string, string> = { ...common };
  const composed = new Composition();
  for (const written in own) {
    const value = own[written];
    if (value === undefined) continue;
    const name = written.toLowerCase();
    composed.add(name, written, value);
    delete fields[name];
    fields[written] = value;
  }
  return fields;
}

/** @throws RequestProblem if the headers of a run cannot be sent */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const composed = new Composition();
  for (const name in headers) composed.add(name, name, headers[name]!);
}

/**
 * Why a header cannot be sent with every request of a run; `undefined` when it can. Does not repeat the value, as it
 * may be a secret.
 */
export function headerProblem(name: string, value: string): string | undefined {
  try {
    checkHeaders({ [name.toLowerCase()]: value });
    return undefined;
  } catch (error) {
    if (error instanceof RequestProblem) return error.message;
    throw error;
  }
}

/** Collects the lines of a head. */
class Composition {
  head = '';
  host: string | undefined = undefined;
  close: boolean | undefined = undefined;

  add(name: string, written: string, value: string): void {
    checkField(written, value);
    if (name === 'host') this.host = value;
    else if (name === 'connection') this.close = closes(value);
    else if (OF_THE_ENGINE.has(name)) {
      throw new RequestProblem(`has the header "${written}", which the engine sets itself; remove it`);
    } else this.head += headLine(written, value);
  }
}

/** @param value a text, but plain JavaScript callers may pass anything */
function closes(value: unknown): boolean {
  const option = String(value).toLowerCase();
  if (option === 'close') return true;
  if (option === 'keep-alive') return false;
  throw new RequestProblem(`has the header "connection: ${option}"; expected close or keep-alive`);
}
