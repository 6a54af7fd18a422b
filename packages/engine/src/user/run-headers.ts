import { checkField, headLine, RequestProblem } from '../transport/head.ts';

/** Those that follow from the request itself, or that ask for what no user here understands. */
const OF_THE_ENGINE: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

/** The part of a request that its headers make. */
export interface RequestHead {
  readonly head: string;
  readonly host: string | undefined;
  readonly close: boolean;
}

/** Headers that every request of a run has: made to text once, as most requests differ from each other in few. */
export class RunHeaders implements RequestHead {
  readonly head: string;
  readonly host: string | undefined;
  readonly close: boolean;
  readonly #fields: ReadonlyMap<string, string>;
  /** By the names that they lack, which a request has itself. */
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
   * These headers, and a request's own, which take their place whatever their case.
   * @param contentType of a request that has none of its own
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

/** @throws RequestProblem where the headers of a run cannot be sent */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const composed = new Composition();
  for (const name in headers) composed.add(name, name, headers[name]!);
}

/** Why a header cannot be sent with every request of a run; `undefined` when it can. The value is not repeated. */
export function headerProblem(name: string, value: string): string | undefined {
  try {
    checkHeaders({ [name.toLowerCase()]: value });
    return undefined;
  } catch (error) {
    if (error instanceof RequestProblem) return error.message;
    throw error;
  }
}

/** A head in the making. */
class Composition {
  head = '';
  host: string | undefined = undefined;
  close: boolean | undefined = undefined;

  add(name: string, written: string, value: string): void {
    checkField(written, value);
    if (name === 'host') this.host = value;
    else if (name === 'connection') this.close = closes(value);
    else if (OF_THE_ENGINE.has(name)) {
      throw new RequestProblem(`has the header "${written}", which the engine sees to itself; leave it out`);
    } else this.head += headLine(written, value);
  }
}

/** @param value a text, unless plain JavaScript has it otherwise */
function closes(value: unknown): boolean {
  const option = String(value).toLowerCase();
  if (option === 'close') return true;
  if (option === 'keep-alive') return false;
  throw new RequestProblem(`has the header "connection: ${option}"; expected close or keep-alive`);
}
