import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseResult, renderText } from '@jarvis-load/reporter';
import { CliError } from '../cli-error.ts';
import { REPORT_FLAGS } from '../options/report-flags.ts';
import type { ReportSettings } from '../options/report-flags.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { writeViews } from '../results/run-directory.ts';
import { renderViews } from '../results/select-views.ts';
import { exitCode } from '../exit-codes.ts';
import { defineCommand } from './command.ts';

function unreadable(given: string, cause: unknown): CliError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new CliError({
    exit: 'usage',
    code: 'report-input',
    problem: `no result to render at ${given} (${code})`,
    expected: "a run's folder such as results/latest, or its result.json",
    next: 'ls results',
    cause,
  });
}

/** The document of a run: the file itself, `result.json` of a folder, or what the text file `latest` names. */
function locate(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  try {
    if (statSync(path).isDirectory()) return join(path, 'result.json');
    if (path.endsWith('latest')) return join(dirname(path), readFileSync(path, 'utf8').trim(), 'result.json');
    return path;
  } catch (cause) {
    throw unreadable(given, cause);
  }
}

/** `report`: the views of a run again, from its document. */
export const report = defineCommand<ReportSettings>({
  name: 'report',
  summary: 'Renders the views of a run again from its result document',
  argument: { name: '<run>', description: "A run's folder, or its result.json" },
  flags: REPORT_FLAGS,
  examples: [
    'npx jarvis-load report results/latest',
    'npx jarvis-load report results/20261122-171500-ab12 --format=html',
  ],
  run(settings, context, argument) {
    const path = locate(argument, context.cwd);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      throw unreadable(argument, cause);
    }
    const result = parseResult(text, relative(context.cwd, path) || path);
    const written = writeViews(dirname(path), renderViews(result, settings.format, true));
    const width = widthOf(context.out, context.environment);
    if (settings.quiet !== true)
      context.out.write(
        renderText(result, {
          color: wantsColor(context.out, context.environment),
          ...(width === undefined ? {} : { width }),
          reports: written.map((file) => relative(context.cwd, file)),
        }),
      );
    return Promise.resolve(exitCode('pass'));
  },
});
