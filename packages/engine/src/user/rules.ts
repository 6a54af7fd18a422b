/**
 * What a user's requests and waits are checked by: the k6 user applies the same rules (entry `@jarvis-load/engine/user-rules`).
 * Plain code: what is called through here uses no module of Node, and none of `URL`, `FormData` and `Buffer`, which k6 lacks.
 */
export { pickTask, START_RETRY_SECONDS, taskShares, waitAfter } from '../plan/iteration-rules.ts';
export { checkHeadersObject, checkRareParts, checkSpecNames, checkTimeout } from './check-spec.ts';
export { furtherArgument } from './further-argument.ts';
export { checkOneBody, encodeJson, encodePairs, pathOf } from './expand-request.ts';
export { followRedirect, headersAfter, sendAll } from './redirects.ts';
export type { BaseAddress, Hop } from './redirects.ts';
export { mergeHeaders } from './run-headers.ts';
export { RouteTable } from './route-table.ts';
export { saidByJudge } from './said-by-judge.ts';
export { ShorthandUser } from './shorthand-user.ts';
export { RECEIVE_OPTIONS, SEND_OPTIONS, Until } from './channel/until.ts';
export { schemaProblem, wrongJson } from '../input/schema-problem.ts';
export { isPromise } from './is-promise.ts';
export { wrongOptions } from '../wrong-options.ts';
export { thinkProblem, thinkTime } from './think-time.ts';
export { checkParts } from '../streams/check-parts.ts';
export { RequestProblem, wirePath } from '../transport/head.ts';
