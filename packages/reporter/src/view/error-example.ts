import type { ErrorGroup } from '@jarvis-load/engine/result';

/** The status of an example as text. @param word inserted before a status number */
export function describeStatus({ status }: ErrorGroup['example'], word = ''): string {
  if (status === null) return 'status not known';
  return status === 0 ? 'no response' : `${word}${status}`;
}
