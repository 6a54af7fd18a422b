/** What a user's requests and waits are checked by, in plain code: the k6 user applies the same rules. */
export { checkHeadersObject, checkRareParts, checkSpecNames } from './check-spec.ts';
export { encodePairs, pathOf } from './expand-request.ts';
export { followRedirect, headersAfter } from './redirects.ts';
export type { BaseAddress, Hop } from './redirects.ts';
export { RouteTable } from './route-table.ts';
export { ShorthandUser } from './shorthand-user.ts';
export { isPromise } from './is-promise.ts';
export { MOST_THINK_SECONDS, thinkTime } from './think-time.ts';
export { RequestProblem, wirePath } from '../transport/head.ts';
