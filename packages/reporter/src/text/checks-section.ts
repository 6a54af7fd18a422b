import { formatCount, formatShare, type CheckResult, type RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { countOf } from '../findings/load-over-time.ts';
import { bullet, section, type TextContext } from './context.ts';
import { statusSymbolCell } from './status-cell.ts';
import { textTable, type TextRow } from './text-table.ts';

/** Checks that always passed are listed up to this number; above it, they are only counted. */
const MOST_PASSED_SHOWN = 12;
/** Most failed checks shown, those with most failures first; the report lists all. */
const MOST_FAILED_SHOWN = 20;

/** Checks: failed ones, those without data, those that passed. */
export function checksSection(result: RunResult, context: TextContext): string[] {
  const allFailed = result.checks.filter(({ fails }) => fails > 0);
  const failed = allFailed.toSorted((a, b) => b.fails - a.fails).slice(0, MOST_FAILED_SHOWN);
  const more = allFailed.length - failed.length;
  const passed = result.checks.filter(({ passes, fails }) => fails === 0 && passes > 0);
  const noData = result.checks.filter(({ passes, fails }) => fails === 0 && passes === 0);
  const several = new Set(result.checks.map(({ scenario }) => scenario)).size > 1;
  const hidden = passed.length > MOST_PASSED_SHOWN ? passed.length : 0;
  const shown = [...failed, ...noData, ...(hidden > 0 ? [] : passed)];
  const columns = [
    { title: '', align: 'left' },
    { title: '', align: 'left', shrinkTo: 20 },
    { title: '', align: 'right' },
    { title: '', align: 'left', shed: 1 },
    { title: '', align: 'left', shed: 2 },
  ] as const;
  return section(context, 'CHECKS', [
    ...textTable(
      context,
      columns,
      shown.map((check) => row(check, several)),
    ),
    ...(more > 0
      ? bullet(context, ' ✗', `${countOf(more, 'more failed check')} in the report`, { markStyle: 'red' })
      : []),
    ...(hidden > 0
      ? bullet(context, ' ✓', `${formatCount(hidden)} checks passed each time`, { markStyle: 'green' })
      : []),
  ]);
}

function row(check: CheckResult, several: boolean): TextRow {
  const total = check.passes + check.fails;
  const status = total === 0 ? 'no-data' : check.fails > 0 ? 'fail' : 'pass';
  return [
    statusSymbolCell(status),
    escapeTerminal(check.name),
    total === 0 ? 'no data' : formatShare(check.passes / total),
    {
      text: check.fails > 0 ? `${formatCount(check.fails)} of ${formatCount(total)} failed` : '',
      styles: ['red'],
    },
    { text: several ? escapeTerminal(check.scenario) : '', styles: ['dim'] },
  ];
}
