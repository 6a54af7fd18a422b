import { formatCount, formatShare, type CheckResult, type RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { bullet, section, type TextContext } from './context.ts';
import { statusSymbolCell } from './status-cell.ts';
import { textTable, type TextRow } from './text-table.ts';

/** Checks that always passed are listed up to this number; failed ones always. */
const MOST_PASSED_SHOWN = 12;

/** Checks, failed ones first. */
export function checksSection(result: RunResult, context: TextContext): string[] {
  const failed = result.checks.filter(({ fails }) => fails > 0);
  const passed = result.checks.filter(({ fails }) => fails === 0);
  const several = new Set(result.checks.map(({ scenario }) => scenario)).size > 1;
  const shown = passed.length > MOST_PASSED_SHOWN ? failed : [...failed, ...passed];
  const hidden = passed.length > MOST_PASSED_SHOWN ? passed.length : 0;
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
    ...(hidden > 0 ? bullet(context, ' ✓', `${hidden} checks passed each time`, { markStyle: 'green' }) : []),
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
