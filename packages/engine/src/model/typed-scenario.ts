import type { RequestOptions } from './request-spec.ts';
import type {
  HttpMethod,
  Operation,
  RequestSpec,
  ScenarioContext,
  ScenarioDefinition,
  Task,
  VirtualUser,
} from './scenario.ts';
import type { LoadResponse } from './load-response.ts';

/** An operation by its method and route alone, such as `GET /orders/{id}`; that is its name, too. */
export type OperationText = `${HttpMethod} /${string}`;

/** An operation as a scenario declares it. */
export type OperationInput = OperationText | Operation;

/** Names of the operations. */
type NameOf<Input> = Input extends string
  ? Input
  : Input extends { readonly name: infer Name }
    ? Name
    : never;

/** Routes of the operations with a method; any text for operations of a list whose type is `Operation[]`. */
type RouteOf<Input, Method extends HttpMethod> = Input extends `${Method} ${infer Route}`
  ? Route
  : Input extends { readonly method: infer Methods; readonly route: infer Route extends string }
    ? Method extends Methods
      ? Route
      : never
    : never;

/** The `{names}` of a route. */
type ParamOf<Route> = Route extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamOf<Rest> : never;

/** Options of a request: `params` are required for a route that has some, and there are none for another. */
type OptionsFor<Route extends string> = string extends Route
  ? readonly [options?: RequestOptions]
  : [ParamOf<Route>] extends [never]
    ? readonly [options?: RequestOptions & { readonly params?: never }]
    : readonly [
        options: RequestOptions & { readonly params: Readonly<Record<ParamOf<Route>, string | number>> },
      ];

type Send<Inputs extends readonly OperationInput[], Method extends HttpMethod> = <
  Route extends RouteOf<Inputs[number], Method>,
>(
  route: Route,
  ...options: OptionsFor<Route>
) => Promise<LoadResponse>;

/** A {@link VirtualUser} that knows the declared operations: routes, their params and names are checked by the compiler, except in `stream` and `open`. */
export interface ScenarioUser<Inputs extends readonly OperationInput[]> extends Omit<
  VirtualUser,
  'request' | 'batch' | 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete'
> {
  request(spec: RequestSpec & { readonly operation: NameOf<Inputs[number]> }): Promise<LoadResponse>;
  batch(
    requests: readonly (
      NameOf<Inputs[number]> | (RequestSpec & { readonly operation: NameOf<Inputs[number]> })
    )[],
    options?: { readonly connections?: number },
  ): Promise<LoadResponse[]>;
  get: Send<Inputs, 'GET'>;
  head: Send<Inputs, 'HEAD'>;
  post: Send<Inputs, 'POST'>;
  put: Send<Inputs, 'PUT'>;
  patch: Send<Inputs, 'PATCH'>;
  delete: Send<Inputs, 'DELETE'>;
}

/** What {@link defineScenario} takes: a scenario whose operations may be texts, and whose code gets a user that knows them. */
export interface ScenarioInput<Inputs extends readonly OperationInput[], Shared, State> extends Omit<
  ScenarioDefinition<Shared, State>,
  'operations' | 'setup' | 'onStart' | 'run' | 'tasks' | 'onStop' | 'teardown'
> {
  readonly operations: Inputs;
  setup?(user: ScenarioUser<Inputs>): Promise<Shared>;
  onStart?(user: ScenarioUser<Inputs>, shared: Shared): Promise<State>;
  run?(user: ScenarioUser<Inputs>, context: ScenarioContext<Shared, State>): Promise<void>;
  readonly tasks?: readonly (Omit<Task<Shared, State>, 'run'> & {
    run(user: ScenarioUser<Inputs>, context: ScenarioContext<Shared, State>): Promise<void>;
  })[];
  onStop?(user: ScenarioUser<Inputs>, context: ScenarioContext<Shared, State>): Promise<void>;
  teardown?(user: ScenarioUser<Inputs>, shared: Shared): Promise<void>;
}
