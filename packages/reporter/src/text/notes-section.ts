import type { RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { healthFacts, healthMatters, healthSentence } from '../view/health.ts';
import { bullet, section, type TextContext } from './context.ts';
import { textTable } from './text-table.ts';

/** Notes of the result, warnings first. */
export function notesSection(result: RunResult, context: TextContext): string[] {
  const ordered = [
    ...result.notes.filter(({ level }) => level === 'warning'),
    ...result.notes.filter(({ level }) => level === 'info'),
  ];
  const lines = ordered.flatMap(({ level, text }) =>
    level === 'warning'
      ? bullet(context, ' !', escapeTerminal(text), { markStyle: 'yellow' })
      : bullet(context, ' -', escapeTerminal(text)),
  );
  return section(context, 'NOTES', lines);
}

/** State of the generator; empty while it did not affect the results. */
export function healthSection(result: RunResult, context: TextContext): string[] {
  if (!healthMatters(result)) return [];
  const columns = [
    { title: '', align: 'left' },
    { title: '', align: 'right' },
  ] as const;
  return section(context, 'GENERATOR', [
    ...bullet(context, ' !', escapeTerminal(healthSentence(result)), { markStyle: 'yellow' }),
    ...result.health.reasons.flatMap((reason) => bullet(context, ' -', escapeTerminal(reason))),
    ...textTable(
      context,
      columns,
      healthFacts(result).map(([name, value]) => [`   ${escapeTerminal(name)}`, value]),
    ),
  ]);
}
