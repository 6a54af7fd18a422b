import type { HttpMethod, LoadResponse, RequestSpec } from '../model/scenario.ts';
import type { RequestOptions } from '../model/request-spec.ts';
import { RequestProblem } from '../transport/head.ts';
import type { RouteTable } from './route-table.ts';

/** The short forms of requests, in plain code: users of each engine have them. */
export abstract class ShorthandUser {
  protected abstract readonly routes: RouteTable;
  abstract request(spec: RequestSpec): Promise<LoadResponse>;
  /** The error of a call that cannot be made. @param problem continues "the scenario ..." */
  protected abstract problem(problem: string): Error;

  get(route: string, options?: RequestOptions): Promise<LoadResponse> {
    return this.#send('GET', route, options);
  }

  head(route: string, options?: RequestOptions): Promise<LoadResponse> {
    return this.#send('HEAD', route, options);
  }

  post(route: string, options?: RequestOptions): Promise<LoadResponse> {
    return this.#send('POST', route, options);
  }

  put(route: string, options?: RequestOptions): Promise<LoadResponse> {
    return this.#send('PUT', route, options);
  }

  patch(route: string, options?: RequestOptions): Promise<LoadResponse> {
    return this.#send('PATCH', route, options);
  }

  delete(route: string, options?: RequestOptions): Promise<LoadResponse> {
    return this.#send('DELETE', route, options);
  }

  #send(method: HttpMethod, route: string, options: RequestOptions | undefined): Promise<LoadResponse> {
    try {
      return this.request(this.routes.specOf(method, route, options));
    } catch (error) {
      return Promise.reject(error instanceof RequestProblem ? this.problem(error.message) : (error as Error));
    }
  }
}
