import { EngineError } from '@jarvis-load/engine';
import { K6Error } from '@jarvis-load/k6-scenarios';
import { MockError } from '@jarvis-load/mock-jarvis';
import { ReporterError } from '@jarvis-load/reporter';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitName } from './exit-codes.ts';
import { SUITES } from './suites/suites.ts';
import { cleanBlock } from './output/clean-text.ts';

/** The text and the exit code of an error. Control characters are removed from the text; the caller removes secrets. */
export interface DescribedError {
  readonly text: string;
  readonly exitCode: number;
}

/** Exit codes of errors from the workspace's packages that the user can correct. */
function exitOf(error: unknown): ExitName {
  if (error instanceof CliError) return error.exit;

  if (error instanceof EngineError && error.code === 'target-not-allowed') return 'not-allowed';
  if (error instanceof EngineError || error instanceof ReporterError) return 'usage';
  if (error instanceof K6Error || SUITES.some((suite) => suite.isInputError?.(error))) return 'usage';
  if (error instanceof MockError) return error.code === 'child_failed' ? 'internal' : 'usage';
  return 'internal';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause =
    error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause) || messageOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

/** Describes an error without its stack trace, which only `--debug` shows. */
export function describeError(error: unknown, debug: boolean): DescribedError {
  const exit = exitOf(error);
  const text =
    error instanceof CliError
      ? error.describe()
      : exit === 'internal'
        ? `error: internal error: ${messageOf(error)}\n  next: run it again with --debug and report what it prints`
        : `error: ${messageOf(error)}`;
  return { text: cleanBlock(debug ? `${text}\n${stackOf(error)}` : text), exitCode: exitCode(exit) };
}
