import type { RunResult } from '@jarvis-load/engine/result';
import type { History, Now, OperationCourse, RunHead, VerdictView } from '../api/run-schema.ts';
import { courseOfResult } from './course-of-result.ts';
import { headOfResult, historyOfResult, nowOfResult } from './now-of-result.ts';
import type { Wording } from './wording.ts';

/** A run that has ended, with everything that the page shows of it. */
export interface ShownRun {
  readonly run: RunHead;
  readonly now: Now;
  readonly history: History;
  readonly verdict: VerdictView;
  readonly courseOf: (scenario: string, operation: string) => OperationCourse | undefined;
  /** Files that can be downloaded. */
  readonly reports: readonly string[];
}

/** What the page shows of a document, whose texts are redacted already: one that was read from a file. */
export function shownRun(result: RunResult, reports: readonly string[], wording: Wording): ShownRun {
  return {
    run: headOfResult(result),
    now: nowOfResult(result, wording),
    history: historyOfResult(result, wording),
    verdict: wording.verdict(result),
    courseOf: (scenario, operation) => courseOfResult(result, scenario, operation),
    reports,
  };
}
