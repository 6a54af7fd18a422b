import type { ErrorGroup } from '@jarvis-load/engine/result';

/** What the target answered. @param word before the number of a status */
export function describeStatus({ status }: ErrorGroup['example'], word = ''): string {
  if (status === null) return 'status not known';
  return status === 0 ? 'no answer' : `${word}${status}`;
}
