import type { RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { reproduceCommand } from '../view/reproduce.ts';
import { INDENT, footnotes, type TextContext } from './context.ts';

/** Paths of the reports, and the command to repeat the run. Users copy these lines, so they are never truncated. */
export function footerSection(result: RunResult, context: TextContext, reports: readonly string[]): string[] {
  const { paint } = context;
  const command = reproduceCommand(result);
  return [
    ...(reports.length === 0
      ? []
      : [
          '',
          INDENT + paint('REPORTS', 'bold'),
          ...reports.map((path) => `${INDENT}  ${escapeTerminal(path)}`),
        ]),
    '',
    INDENT + paint('AGAIN', 'bold'),
    ...(command === undefined ? [] : [`${INDENT}  ${escapeTerminal(command)}`]),
    ...footnotes(context, [
      escapeTerminal(
        `seed ${result.run.seed ?? 'not known'} · run ${result.run.id} · ${result.generator.name} ${result.generator.version}`,
      ),
    ]),
  ];
}
