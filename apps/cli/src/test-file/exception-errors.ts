import type { RunResult } from '@jarvis-load/engine/result';
import type { CliError } from '../cli-error.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { nextStep } from './next-step.ts';
import { placeInSources } from './run-error.ts';

/** Most exceptions that are shown; the report lists more. */
const MOST = 3;

/**
 * What the scenarios of a test file threw in a run, most frequent first, each with its place in the file and the next step. The code
 * around the place may hold secrets, and a message the words of a target: the caller passes `describe()` through `shownText`.
 */
export function exceptionErrors(
  { exceptions }: Pick<RunResult, 'exceptions'>,
  file: CompiledFile,
): readonly CliError[] {
  return firstOfPlaces(exceptions, file).map(({ scenario, message, traceback, count }) => {
    const times = count === 1 ? '' : ` (${count} times)`;
    const isMisuse = traceback.startsWith('EngineError: ');
    const text = isMisuse ? message.replace(/^scenario "[^"]*":? /, '') : message;
    const hasStack = traceback !== message;
    return fileError(
      {
        code: 'file-threw',
        problem: `${file.given}: scenario ${scenario}: ${isMisuse ? text : `threw ${text}`}${times}`,
        place: placeInSources(traceback, file.sources),
        next:
          nextStep(text) ??
          (/Cannot (read|destructure) propert/.test(text)
            ? 'check that the answer has it, or read the answer with a schema: answer.json(Type.Object({ ... }))'
            : isMisuse
              ? 'correct the line'
              : hasStack
                ? 'correct the code; the report has the whole stack'
                : "throw an Error, as in throw new Error('...'): it says on which line it was thrown"),
      },
      file.cwd,
    );
  });
}

/** The most frequent exceptions, of those thrown at one place the first: messages with an id or a time are many. */
function firstOfPlaces(
  exceptions: RunResult['exceptions'],
  { sources }: CompiledFile,
): RunResult['exceptions'] {
  const seen = new Set<string>();
  const isFirst = ({ traceback }: RunResult['exceptions'][number]): boolean => {
    const place = placeInSources(traceback, sources);
    if (place === undefined) return true;
    const key = `${place.path}:${place.line}:${place.column}`;
    return !seen.has(key) && seen.add(key).size > 0;
  };
  return exceptions.filter(isFirst).slice(0, MOST);
}
