import { RequestProblem } from '../transport/head.ts';
import { isPromise } from './is-promise.ts';

/**
 * What a function of the operation (`accepts`, `inBandError`) says of a response; null says nothing, as undefined does.
 * Its value is not shown: it may be part of the body.
 * @throws RequestProblem for anything but text: a promise or `false` is no verdict
 */
export function saidByJudge(judge: string, said: unknown): string | undefined {
  if (typeof said === 'string') return said;
  if (said === undefined || said === null) return undefined;
  let what: string = typeof said;
  if (isPromise(said)) {
    said.then(undefined, () => undefined);
    what = 'promise';
  }
  const article = /^[aeiou]/.test(what) ? 'an' : 'a';
  throw new RequestProblem(
    `cannot be judged: its ${judge} returned ${article} ${what}; expected text, or undefined for none`,
  );
}
