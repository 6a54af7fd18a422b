import { isMissed, promisesOf, type PromiseView } from '../../view/promise.ts';
import { formatCount, type RunResult } from '@jarvis-load/engine/result';
import { STATUS_WORDS } from '../../view/status.ts';
import type { HtmlTable } from '../table-model.ts';

/** Thresholds and objectives: a table of those missed or not proven, one of those kept, one of those not measurable. */
export function promisesTables(result: RunResult): {
  readonly open: HtmlTable;
  readonly kept: HtmlTable;
  readonly keptTitle: string;
  readonly unmeasurable: HtmlTable;
  readonly unmeasurableTitle: string;
} {
  const promises = promisesOf(result);
  const kept = promises.filter(({ status }) => status === 'pass');
  const unmeasurable = promises.filter(({ status }) => status === 'not-measurable');
  const open = promises
    .filter((promise) => !kept.includes(promise) && !unmeasurable.includes(promise))
    .toSorted((a, b) => Number(isMissed(b)) - Number(isMissed(a)));
  return {
    open: table('Promises that were missed or could not be proven', open),
    kept: table('Promises that were kept', kept),
    keptTitle: `${formatCount(kept.length)} kept`,
    unmeasurable: table('Promises that this profile cannot measure', unmeasurable),
    unmeasurableTitle: `${formatCount(unmeasurable.length)} not measurable with this profile`,
  };
}

function table(caption: string, promises: readonly PromiseView[]): HtmlTable {
  return {
    caption,
    columns: [
      { title: 'Of' },
      { title: 'Promise' },
      { title: 'Verdict' },
      { title: 'Measured', numeric: true },
      { title: 'Limit', numeric: true },
      { title: 'Margin', numeric: true },
      { title: 'Remark' },
    ],
    rows: promises.map((promise, index) => ({
      cells: [
        {
          text: promise.subject,
          code: true,
          repeated: promises[index - 1]?.subject === promise.subject,
        },
        { text: promise.name },
        { text: STATUS_WORDS[promise.status], status: promise.status },
        { text: promise.measured, ...(promise.status === 'fail' ? { tone: 'fail' as const } : {}) },
        { text: promise.limit },
        { text: promise.margin },
        { text: promise.remark },
      ],
    })),
  };
}
