import { formatCount, formatShare, type CheckResult, type RunResult } from '@jarvis-load/engine/result';
import type { HtmlTable } from '../table-model.ts';

/** Checks that failed or have no data, most failures first, and those that always passed. */
export function checksTables(result: RunResult): {
  readonly failed: HtmlTable;
  readonly passed: HtmlTable;
  readonly passedTitle: string;
} {
  const isPassed = ({ passes, fails }: CheckResult) => fails === 0 && passes > 0;
  const passed = result.checks.filter(isPassed);
  const failed = result.checks.filter((check) => !isPassed(check)).toSorted((a, b) => b.fails - a.fails);
  return {
    failed: table('Checks that failed', failed),
    passed: table('Checks that always passed', passed),
    passedTitle: `${formatCount(passed.length)} passed every time`,
  };
}

function table(caption: string, checks: readonly CheckResult[]): HtmlTable {
  return {
    caption,
    sortable: true,
    columns: [
      { title: 'Check' },
      { title: 'Scenario' },
      { title: 'Held', numeric: true },
      { title: 'Passed', numeric: true },
      { title: 'Failed', numeric: true },
    ],
    rows: checks.map(({ name, scenario, passes, fails }) => {
      const total = passes + fails;
      const status = total === 0 ? 'no-data' : fails > 0 ? 'fail' : 'pass';
      return {
        cells: [
          { text: name, status },
          { text: scenario },
          {
            text: total === 0 ? 'no data' : formatShare(passes / total),
            sort: total === 0 ? -1 : passes / total,
          },
          { text: formatCount(passes), sort: passes },
          { text: formatCount(fails), sort: fails, tone: fails > 0 ? 'fail' : 'muted' },
        ],
      };
    }),
  };
}
