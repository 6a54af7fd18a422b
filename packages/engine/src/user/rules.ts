/** What a user's requests and waits are checked by, in plain code: the k6 user applies the same rules. */
export { checkHeadersObject, checkSpecNames } from './check-spec.ts';
export { isPromise } from './is-promise.ts';
export { MOST_THINK_SECONDS, thinkTime } from './think-time.ts';
export { RequestProblem, wirePath } from '../transport/head.ts';
