import { useEffect, useState } from 'preact/hooks';
import type { OperationCourse } from '../../api/run-schema.ts';
import { call } from '../api.ts';
import { live } from '../live.ts';

/** The course is asked for again at most so often: it is drawn, not counted. */
const REFRESH_MS = 2000;

interface Held {
  readonly key: string;
  readonly course: OperationCourse | null;
}

/**
 * The course of an operation, asked for again while the run goes on; undefined until it is answered, null if it is refused. A
 * refusal after an answer leaves the last one.
 */
export function useCourse({
  scenario,
  operation,
}: {
  readonly scenario: string;
  readonly operation: string;
}): OperationCourse | null | undefined {
  const [held, setHeld] = useState<Held>();
  const key = JSON.stringify([scenario, operation]);
  const step = Math.floor((live.value?.now?.elapsedMs ?? 0) / REFRESH_MS);
  useEffect(() => {
    let isCurrent = true;
    const query = new URLSearchParams({ scenario, operation }).toString();
    void call<OperationCourse>('GET', `/operation?${query}`).then((answer) => {
      if (!isCurrent) return;
      if (answer.ok) setHeld({ key, course: answer.value });
      else setHeld((last) => (last?.key === key ? last : { key, course: null }));
    });
    return () => {
      isCurrent = false;
    };
  }, [scenario, operation, step]);
  // What is held may still be of the operation that was shown before.
  return held?.key === key ? held.course : undefined;
}
