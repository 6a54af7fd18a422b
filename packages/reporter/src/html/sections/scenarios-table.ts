import { formatCount, type RunResult } from '@jarvis-load/engine/result';
import type { HtmlTable } from '../table-model.ts';

const NOT_KNOWN = 'not known';

/** Scenarios with their executors and the counts of their iterations. */
export function scenariosTable(result: RunResult): HtmlTable {
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    caption: 'Scenarios and their iterations',
    columns: [
      { title: 'Scenario' },
      { title: 'Executor' },
      { title: 'Model' },
      numeric('Max users'),
      numeric('Planned'),
      numeric('Completed'),
      numeric('Failed'),
      numeric('Dropped'),
      numeric('Interrupted'),
    ],
    rows: result.scenarios.map(({ name, description, executor, model, maxUsers, iterations }) => ({
      cells: [
        { text: name, ...(description === undefined ? {} : { sub: description }) },
        { text: typeof executor['kind'] === 'string' ? executor['kind'] : NOT_KNOWN, code: true },
        { text: model ?? NOT_KNOWN },
        ...[
          maxUsers,
          iterations.planned,
          iterations.completed,
          iterations.failed,
          iterations.dropped,
          iterations.interrupted,
        ].map((value) => ({ text: value === null ? NOT_KNOWN : formatCount(value) })),
      ],
    })),
  };
}
