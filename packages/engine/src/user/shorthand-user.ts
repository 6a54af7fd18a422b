import type { HttpMethod, RequestSpec } from '../model/scenario.ts';
import type { LoadResponse } from '../model/load-response.ts';
import type { RequestOptions } from '../model/request-spec.ts';
import { RequestProblem } from '../transport/head.ts';
import { wrongOptions } from '../wrong-options.ts';
import { isPromise } from './is-promise.ts';
import type { RouteTable } from './route-table.ts';

/** What browsers open to one host over HTTP/1.1. */
const BROWSER_CONNECTIONS = 6;
const MOST_CONNECTIONS = 100;

const BATCH_EXPECTS =
  "expected requests that are not sent yet: user.batch(['GET /a', { operation: 'GET /b', query: { page: 1 } }]), without user.get(...)";

/**
 * The short forms of requests, batches and groups: `NativeUser` and `K6User` share them. k6 bundles this file: nothing of Node.
 *
 * Must hold: a request of a batch is sent at once, in its order; only native users with connections of their own are limited, by
 * `widen`. Groups are sequential: of two at the same time, the requests of the first are counted in the second while that is open.
 */
export abstract class ShorthandUser {
  protected abstract readonly routes: RouteTable;
  abstract request(spec: RequestSpec): Promise<LoadResponse>;
  /** Path of the group that is being worked on, such as `::checkout`; empty: none. */
  protected groupPath = '';
  /** The error of a call that cannot be made. @param problem continues "the scenario ..." */
  protected abstract problem(problem: string): Error;

  /** @param further refused: an argument after the options is a mistake */
  get(route: string, options?: RequestOptions, further?: unknown): Promise<LoadResponse> {
    return this.#send('GET', route, options, further);
  }

  head(route: string, options?: RequestOptions, further?: unknown): Promise<LoadResponse> {
    return this.#send('HEAD', route, options, further);
  }

  post(route: string, options?: RequestOptions, further?: unknown): Promise<LoadResponse> {
    return this.#send('POST', route, options, further);
  }

  put(route: string, options?: RequestOptions, further?: unknown): Promise<LoadResponse> {
    return this.#send('PUT', route, options, further);
  }

  patch(route: string, options?: RequestOptions, further?: unknown): Promise<LoadResponse> {
    return this.#send('PATCH', route, options, further);
  }

  delete(route: string, options?: RequestOptions, further?: unknown): Promise<LoadResponse> {
    return this.#send('DELETE', route, options, further);
  }

  batch(
    requests: readonly (RequestSpec | string)[],
    options: { readonly connections?: number } = {},
  ): Promise<LoadResponse[]> {
    const wrong = wrongOptions(options, ['connections']);
    if (wrong !== undefined) return Promise.reject(this.problem(`makes a batch that ${wrong}`));
    const { connections = BROWSER_CONNECTIONS } = options;
    if (!Array.isArray(requests)) {
      return Promise.reject(
        this.problem('batches what is not a list; expected requests or names of operations'),
      );
    }
    const promises = requests.filter(isPromise);
    if (promises.length > 0) {
      // They are sent already. Their own errors would only hide this one.
      for (const each of promises) each.then(undefined, () => undefined);
      return Promise.reject(this.problem(`batches a promise; ${BATCH_EXPECTS}`));
    }
    if (!Number.isInteger(connections) || connections < 1 || connections > MOST_CONNECTIONS) {
      const expected = `a whole number from 1 to ${MOST_CONNECTIONS}`;
      return Promise.reject(
        this.problem(`batches with ${String(connections)} connections; expected ${expected}`),
      );
    }
    this.widen(connections);
    const specs = requests.map((each: RequestSpec | string) =>
      typeof each === 'string' ? { operation: each } : each,
    );
    return Promise.all(specs.map((spec) => this.request(spec)));
  }

  async group<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    if (typeof name !== 'string' || name === '' || name.includes('::')) {
      throw this.problem(`groups by ${JSON.stringify(name)}; expected a name without ::`);
    }
    if (typeof work !== 'function') {
      throw this.problem(`groups what is no function; expected user.group('name', async () => { ... })`);
    }
    const outer = this.groupPath;
    const path = `${outer}::${name}`;
    this.groupPath = path;
    const startMs = this.nowMs();
    let overlaps = false;
    let result: Result;
    try {
      result = await work();
    } finally {
      overlaps = this.groupPath !== path;
      this.groupPath = outer;
    }
    // Requests were counted in the wrong group. An error of `work` takes precedence: it was thrown above.
    if (overlaps) {
      throw this.problem(`has groups that overlap (${path}); expected one after another: await each`);
    }
    this.groupEnded(path, this.nowMs() - startMs);
    return result;
  }

  /** Milliseconds of the clock that groups are measured with. */
  protected abstract nowMs(): number;

  /** The work of a group has ended without an error. @param path such as `::checkout` */
  protected abstract groupEnded(path: string, durationMs: number): void;

  /** Lets the user have up to this many connections at once. */
  protected widen(_connections: number): void {}

  #send(
    method: HttpMethod,
    route: string,
    options: RequestOptions | undefined,
    further: unknown,
  ): Promise<LoadResponse> {
    try {
      return this.request(this.routes.specOf(method, route, options, further));
    } catch (error) {
      return Promise.reject(error instanceof RequestProblem ? this.problem(error.message) : (error as Error));
    }
  }
}
