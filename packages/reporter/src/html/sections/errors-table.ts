import { formatCount, type ErrorGroup, type RunResult } from '@jarvis-load/engine/result';
import { formatElapsed, formatTimestamp } from '../../format/time.ts';
import { describeStatus } from '../../view/error-example.ts';
import type { HtmlCell, HtmlTable } from '../table-model.ts';

/** Failed requests by operation, outcome and cause, with an example of each. */
export function errorsTable(result: RunResult): HtmlTable {
  return {
    caption: 'Failed requests by operation and cause, with an example each',
    sortable: true,
    columns: [
      { title: 'Operation' },
      { title: 'Outcome' },
      { title: 'Message' },
      { title: 'Count', numeric: true },
      { title: 'First and last seen' },
    ],
    rows: result.errors.map((group) => ({
      cells: [
        { text: group.operation, sub: group.scenario, code: true },
        { text: group.outcome.replaceAll('_', ' '), sub: group.code, tone: 'fail' },
        { text: group.message, more: { title: 'Example', text: exampleText(group) } },
        { text: formatCount(group.count), sort: group.count },
        seenCell(result, group),
      ],
    })),
  };
}

/** Exceptions thrown by scenario code. */
export function exceptionsTable(result: RunResult): HtmlTable {
  return {
    caption: 'Exceptions thrown by scenario code',
    columns: [
      { title: 'Scenario' },
      { title: 'Message' },
      { title: 'Count', numeric: true },
      { title: 'First and last seen' },
    ],
    rows: result.exceptions.map((group) => ({
      cells: [
        { text: group.scenario },
        { text: group.message, more: { title: 'Traceback', text: group.traceback } },
        { text: formatCount(group.count), sort: group.count },
        seenCell(result, group),
      ],
    })),
  };
}

function exampleText({ example }: ErrorGroup): string {
  const user = example.user === null ? '' : `user ${example.user}, `;
  const iteration = example.iteration === null ? '' : `iteration ${example.iteration}, `;
  const who = `${user}${iteration}at ${formatElapsed(example.atMs)}`;
  return [
    `${example.request}  →  ${describeStatus(example, 'status ')}`,
    who,
    ...(example.traceId === undefined ? [] : [`trace ${example.traceId}`]),
    example.message,
    ...(example.body === '' ? [] : ['', example.body]),
  ].join('\n');
}

function seenCell(result: RunResult, seen: Pick<ErrorGroup, 'firstSeen' | 'lastSeen'>): HtmlCell {
  const sinceStartMs = (iso: string) => Date.parse(iso) - Date.parse(result.run.startedAt);
  const elapsed = (iso: string) =>
    sinceStartMs(iso) < 0 ? 'before the start' : formatElapsed(sinceStartMs(iso));
  const clock = (iso: string) => formatTimestamp(iso).slice(11, 19);
  return {
    text: `${elapsed(seen.firstSeen)} – ${elapsed(seen.lastSeen)}`,
    sub: `${clock(seen.firstSeen)} – ${clock(seen.lastSeen)} UTC`,
    sort: sinceStartMs(seen.firstSeen),
  };
}
