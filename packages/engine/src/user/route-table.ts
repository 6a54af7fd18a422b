import { didYouMean, nearestName } from '../did-you-mean.ts';
import type { HttpMethod, Operation, RequestSpec } from '../model/scenario.ts';
import type { RequestOptions } from '../model/request-spec.ts';
import type { CompiledScenario } from '../model/compiled-run.ts';
import { show } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';
import { isPartOfRequest } from './check-spec.ts';
import { isPromise } from './is-promise.ts';

interface Route {
  readonly operation: string;
  /** `undefined` stands for a `{name}`. */
  readonly segments: readonly (string | undefined)[];
}

/**
 * Finds the operations of a scenario by method and route, or by method and path. Of several that fit a path, it is the one with the
 * fewest `{names}`; of equal ones, the first.
 * Must hold: plain code, since k6 runs it too (`rules.ts`): no module of Node, no `URL`.
 */
export class RouteTable {
  readonly #byRoute = new Map<string, string>();
  readonly #templates = new Map<HttpMethod, Route[]>();

  constructor(operations: Iterable<Operation>) {
    for (const { name, method, route } of operations) {
      const key = `${method} ${route}`;
      if (!this.#byRoute.has(key)) this.#byRoute.set(key, name);
      const list = this.#templates.get(method) ?? [];
      this.#templates.set(method, list);
      list.push({
        operation: name,
        segments: route.split('/').map((part) => (part.includes('{') ? undefined : part)),
      });
    }
  }

  /**
   * The request of an operation, by a route as declared, or by a path.
   * @param further what was passed after the options: an error
   * @throws RequestProblem
   */
  specOf(
    method: HttpMethod,
    route: string,
    options: RequestOptions | null | undefined,
    further?: unknown,
  ): RequestSpec {
    checkOptions(method, options, further);
    const declared = this.#byRoute.get(`${method} ${route}`);
    if (declared !== undefined) return { ...options, operation: declared };
    const operation = typeof route === 'string' ? this.#byPath(method, route) : undefined;
    if (operation !== undefined) return { ...options, operation, path: route };
    const known = [...this.#byRoute.keys()];
    const asked = `${method} ${route}`;
    if (typeof route !== 'string' || !route.startsWith('/'))
      throw new RequestProblem(`requests ${asked}; ${pathExpected(route, nearestName(asked, known) ?? '')}`);
    throw new RequestProblem(
      `requests ${show(asked)}, which it does not declare.${didYouMean(asked, known)} ` +
        `Declared: ${known.join(', ')}. Declare it: operations: [${show(asked)}, ...]`,
    );
  }

  #byPath(method: HttpMethod, path: string): string | undefined {
    const end = path.search(/[?#]/);
    const segments = (end < 0 ? path : path.slice(0, end)).split('/');
    // Routes without names come first: `/orders/new` is not `/orders/{id}`.
    const fitting = (this.#templates.get(method) ?? []).filter((each) => fits(each.segments, segments));
    fitting.sort((a, b) => namesOf(a) - namesOf(b));
    return fitting[0]?.operation;
  }
}

/** Parts of a request: of a text, a `FormData` or a promise nothing would be sent. @throws RequestProblem that does not repeat the value */
function checkOptions(method: HttpMethod, options: unknown, further: unknown): void {
  if (further === undefined && isOptions(options)) return;
  const parts =
    method === 'GET' || method === 'HEAD'
      ? '{ query: ..., headers: ... }'
      : '{ json: value }, { form: { name: value } } or { body: ... } (text, bytes, URLSearchParams, FormData)';
  const given = isOptions(options) ? 'three arguments' : `${kindOf(options)} as the second argument`;
  const where = further === undefined ? '' : ', with its headers in the same object';
  throw new RequestProblem(`calls user.${method.toLowerCase()} with ${given}; expected ${parts}${where}`);
}

/**
 * `null` is none, as `undefined`. An instance of a class has parts of a request as its own fields, and nothing else; what it inherits
 * would not be copied.
 */
function isOptions(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  let prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype || prototype === null) return true;
  for (
    ;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  )
    if (Object.getOwnPropertyNames(prototype).some(isPartOfRequest)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every(isPartOfRequest);
}

/** The kind of a value, without its content: it may be a secret. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isPromise(value)) return 'a promise (await it first)';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const { name } = (value as { readonly constructor?: { readonly name?: unknown } }).constructor ?? {};
  return typeof name === 'string' && name !== '' ? `a value of class ${name}` : 'an object with a prototype';
}

/** What was expected in place of a route that is no path. */
function pathExpected(route: unknown, near: string): string {
  if (typeof route !== 'string') return `expected a path as a text, such as '/orders/{id}'`;
  const expected = 'expected a path that starts with "/"';
  if (!/^(https?:)?\/\//i.test(route)) return near === '' ? expected : `${expected}, as in ${show(near)}`;
  return `${expected}: the address is that of the target; another one is given by bases: { other: 'https://...' } and base: 'other'`;
}

function fits(template: Route['segments'], path: readonly string[]): boolean {
  return (
    template.length === path.length &&
    template.every((part, place) => (part === undefined ? path[place] !== '' : part === path[place]))
  );
}

function namesOf({ segments }: Route): number {
  return segments.filter((part) => part === undefined).length;
}

const tables = new WeakMap<object, RouteTable>();

/** The table of a scenario, made once. */
export function routesOf({ definition }: CompiledScenario): RouteTable {
  let table = tables.get(definition);
  if (table === undefined) tables.set(definition, (table = new RouteTable(definition.operations)));
  return table;
}
