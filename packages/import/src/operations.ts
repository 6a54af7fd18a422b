import type { HttpMethod } from '@jarvis-load/engine';
import { braces, type Source } from './layout.ts';
import type { ImportedRequest } from './model.ts';
import { literal, propertyAccess } from './source-text.ts';
import { memberSource } from './values-source.ts';

interface Row {
  readonly name: string;
  readonly method: HttpMethod;
  readonly route: string;
  readonly base: string;
}

/** A row, and how often the journey requests it. */
interface CountedRow extends Row {
  readonly count: number;
}

/** Routes that `defineScenario` takes in an operation written as text, `GET /path`. */
const AS_TEXT = /^\/\S*$/;

/**
 * The operations of a scenario, and how each is called. Requests with the same name, method, route and base are one operation;
 * another one with a name that is taken has a number behind it.
 *
 * Must hold: the requests that are asked about are among those of the constructor.
 */
export class Operations {
  readonly #rows = new Map<string, CountedRow>();
  readonly #bases: ReadonlyMap<string, string>;

  /** @param bases names of the bases by origin, for all but the target */
  constructor(requests: readonly ImportedRequest[], bases: ReadonlyMap<string, string>) {
    this.#bases = bases;
    for (const request of requests) {
      const row = this.#rowOf(request);
      this.#rows.set(row.name, { ...row, count: (this.#rows.get(row.name)?.count ?? 0) + 1 });
    }
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The list in the scenario. */
  sources(): Source[] {
    return [...this.#rows.values()].map(({ name, method, route, base }) =>
      isText({ name, method, route, base })
        ? literal(name)
        : braces([
            `name: ${literal(name)}`,
            `method: ${literal(method)}`,
            `route: ${literal(route)}`,
            ...(base === '' ? [] : [`base: ${literal(base)}`]),
          ]),
    );
  }

  /** How many requests of each the journey makes, by name. */
  get requests(): Source {
    return braces([...this.#rows.values()].map(({ name, count }) => memberSource(name, String(count))));
  }

  nameOf(request: ImportedRequest): string {
    return this.#rowOf(request).name;
  }

  /** `get` and such, for a request that has a short form; its first argument is the route. */
  shortForm(request: ImportedRequest): string | undefined {
    const row = this.#rowOf(request);
    const same = [...this.#rows.values()].filter(
      ({ method, route }) => method === row.method && route === row.route,
    );
    if (same.length > 1 || row.method === 'OPTIONS' || !isText(row)) return undefined;
    return `user${propertyAccess(row.method.toLowerCase())}`;
  }

  #rowOf({ method, route, origin, name }: ImportedRequest): Row {
    const base = this.#bases.get(origin) ?? '';
    const wanted = name ?? `${method} ${base}${route}`;
    const isOf = (row: Row): boolean => row.method === method && row.route === route && row.base === base;
    let free = wanted;
    for (let number = 2; ; number++) {
      const taken = this.#rows.get(free);
      if (taken === undefined || isOf(taken)) return { name: free, method, route, base };
      free = `${wanted} ${number}`;
    }
  }
}

function isText({ name, method, route, base }: Row): boolean {
  return base === '' && name === `${method} ${route}` && AS_TEXT.test(route);
}
