import { useEffect, useState } from 'preact/hooks';
import type { OperationCourse } from '../../api/run-schema.ts';
import { call } from '../api.ts';
import { live } from '../live.ts';

/** The course is asked for again at most so often: it is drawn, not counted. */
const REFRESH_MS = 2000;

/** The course of an operation, asked for again while the run goes on. A request that fails leaves the last one. */
export function useCourse({
  scenario,
  operation,
}: {
  readonly scenario: string;
  readonly operation: string;
}): OperationCourse | undefined {
  const [course, setCourse] = useState<OperationCourse>();
  const step = Math.floor((live.value?.now?.elapsedMs ?? 0) / REFRESH_MS);
  useEffect(() => {
    let isCurrent = true;
    const query = new URLSearchParams({ scenario, operation }).toString();
    void call<OperationCourse>('GET', `/operation?${query}`).then((answer) => {
      if (isCurrent && answer.ok) setCourse(answer.value);
    });
    return () => {
      isCurrent = false;
    };
  }, [scenario, operation, step]);
  return course;
}
