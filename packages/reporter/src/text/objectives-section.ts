import type { RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { groupObjectives } from '../view/objective-row.ts';
import {
  LOW_SAMPLES_MARK,
  LOW_SAMPLES_SENTENCE,
  STATUS_SYMBOLS,
  STATUS_WORDS,
  MACHINE_SENTENCE,
  UNPROVEN_SENTENCE,
} from '../view/status.ts';
import { footnotes, section, type TextContext } from './context.ts';
import { statusSymbolCell, statusWordCell } from './status-cell.ts';
import { textTable, type TextRow } from './text-table.ts';

const COLUMNS = [
  { title: '', align: 'left' },
  { title: '', align: 'left' },
  { title: 'limit', align: 'right' },
  { title: 'measured', align: 'right' },
  { title: 'margin', align: 'right', shed: 1 },
  { title: 'verdict', align: 'left' },
  { title: '', align: 'left', shed: 2, shrinkTo: 17 },
] as const;

/** Objectives per operation: limit, measured value, margin, status. */
export function objectivesSection(result: RunResult, context: TextContext): string[] {
  if (result.objectives.length === 0) return [];
  const groups = groupObjectives(result.objectives);
  const rows = groups.flatMap(({ operation, endpoint, rows: objectives }): TextRow[] => [
    { heading: escapeTerminal(operation), aside: escapeTerminal(endpoint) },
    ...objectives.map((row) => [
      statusSymbolCell(row.status),
      row.aspect,
      row.limit,
      `${row.low ? LOW_SAMPLES_MARK : ''}${row.measured}`,
      row.margin,
      statusWordCell(row.status),
      { text: escapeTerminal(row.remark), styles: ['dim'] as const },
    ]),
  ]);
  return section(context, 'OBJECTIVES', [
    ...textTable(context, COLUMNS, rows),
    ...footnotes(context, notesOn(result)),
  ]);
}

function notesOn(result: RunResult): string[] {
  const { objectives } = result;
  return [
    ...(objectives.some(({ lowSamples, measured }) => lowSamples && measured !== null)
      ? [LOW_SAMPLES_SENTENCE]
      : []),
    ...(objectives.some(({ status }) => status === 'machine-limited') ? [MACHINE_SENTENCE] : []),
    ...(objectives.some(({ status }) => status === 'unproven') ? [UNPROVEN_SENTENCE] : []),
    ...(objectives.some(({ status }) => status === 'not-measurable')
      ? [`${STATUS_SYMBOLS['not-measurable']} ${STATUS_WORDS['not-measurable']}: neither passed nor failed.`]
      : []),
  ];
}
