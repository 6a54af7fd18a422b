import {
  formatCount,
  type ErrorGroup,
  type ExceptionGroup,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { formatElapsed } from '../format/time.ts';
import { describeStatus } from '../view/error-example.ts';
import { otherErrors } from '../view/other-errors.ts';
import { INDENT, bullet, section, type TextContext } from './context.ts';
import { truncate } from './display-width.ts';

/** Most groups shown; the report lists all. */
const MOST_SHOWN = 6;
const EXAMPLE_INDENT = `${INDENT}    `;

/** Failed requests by operation and cause, with an example of each; then exceptions thrown by scenario code. */
export function errorsSection(result: RunResult, context: TextContext): string[] {
  const more = result.errors.length - MOST_SHOWN;
  const lines = [
    ...result.errors.slice(0, MOST_SHOWN).flatMap((group) => errorLines(group, context)),
    ...(more > 0 ? [note(context, `${more} more kinds of error are in the report`)] : []),
    ...(result.errorsNotKept > 0
      ? [note(context, `${otherErrors(result.errorsNotKept)}, not listed separately`)]
      : []),
  ];
  const moreExceptions = result.exceptions.length - MOST_SHOWN;
  const exceptions = [
    ...result.exceptions.slice(0, MOST_SHOWN).flatMap((group) => exceptionLines(group, context)),
    ...(moreExceptions > 0
      ? [note(context, `${moreExceptions} more kinds of exception are in the report`)]
      : []),
  ];
  return [
    ...section(context, 'ERRORS', lines),
    ...section(context, 'EXCEPTIONS', exceptions, 'thrown by scenario code'),
  ];
}

function errorLines(group: ErrorGroup, context: TextContext): string[] {
  const { example } = group;
  const title = `${formatCount(group.count)} × ${group.operation}: ${group.outcome}, ${group.code}: ${group.message}`;
  const where = `at ${formatElapsed(example.atMs)}${example.user === null ? '' : `, user ${example.user}`}: ${example.request} -> ${describeStatus(example)}`;
  return [
    ...bullet(context, ' ✗', escapeTerminal(title), { markStyle: 'red' }),
    exampleLine(context, where),
    ...(example.traceId === undefined ? [] : [exampleLine(context, `trace ${example.traceId}`)]),
    ...(example.body === '' ? [] : [exampleLine(context, `| ${example.body}`)]),
  ];
}

function exceptionLines(group: ExceptionGroup, context: TextContext): string[] {
  const title = `${formatCount(group.count)} × ${group.scenario}: ${group.message}`;
  const at = placeOf(group.traceback);
  return [
    ...bullet(context, ' ✗', escapeTerminal(title), { markStyle: 'red' }),
    ...(at === undefined ? [] : [exampleLine(context, at.trim())]),
  ];
}

/** The first line of a stack that is not of the engine or of Node: that of the scenario. */
function placeOf(traceback: string): string | undefined {
  const frames = traceback.split('\n').filter((line) => line.trim().startsWith('at '));
  return frames.find((line) => !/\/engine\/(dist|src)\/|\bnode:|<anonymous>/.test(line)) ?? frames[0];
}

function exampleLine(context: TextContext, text: string): string {
  const room = context.width - EXAMPLE_INDENT.length;
  return EXAMPLE_INDENT + context.paint(truncate(escapeTerminal(text), room), 'dim');
}

function note(context: TextContext, text: string): string {
  return EXAMPLE_INDENT + context.paint(truncate(text, context.width - EXAMPLE_INDENT.length), 'dim');
}
