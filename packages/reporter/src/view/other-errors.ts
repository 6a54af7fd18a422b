import { formatCount } from '@jarvis-load/engine/result';

/** Failed requests of kinds that the document does not keep apart, without full stop: `4,567 failed requests were of other kinds`. */
export function otherErrors(count: number): string {
  return `${formatCount(count)} failed ${count === 1 ? 'request was' : 'requests were'} of other kinds`;
}
