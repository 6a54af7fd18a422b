import { reasonOf } from '@jarvis-load/engine/show';
import { randomUUID } from 'node:crypto';
import { appendFileSync, statSync } from 'node:fs';
import type { Console } from '../output/console.ts';

/** GitHub drops the whole summary of a step above 1 MiB. */
const MOST_SUMMARY_BYTES = 1024 * 1024;

/** What a command tells the pipeline that it runs in. */
export interface PipelineReport {
  /** For the summary of the step, which GitHub shows as a part of that of the job. */
  readonly markdown: string;
  /** Workflow commands, already escaped (`renderAnnotations`), without secrets. */
  readonly annotations: readonly string[];
  /** For later steps; single lines. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * In GitHub Actions (`GITHUB_ACTIONS=true`), adds a report to the summary of the step, writes annotations to standard error,
 * which the runner reads like standard output, and sets the outputs of the step. Elsewhere it does nothing. A file that cannot
 * be written is a warning: it changes no verdict.
 */
export function tellGithub(report: PipelineReport, console: Console): void {
  const { environment, err } = console;
  if (environment['GITHUB_ACTIONS'] !== 'true') return;
  for (const line of report.annotations) err.write(`${line}\n`);
  append(console, 'GITHUB_STEP_SUMMARY', (path) => fitting(report.markdown, path));
  setOutputs(report.outputs, console);
}

/** Sets outputs of the step in GitHub Actions; of the same name the last one counts. */
export function setOutputs(outputs: Readonly<Record<string, string>>, console: Console): void {
  if (console.environment['GITHUB_ACTIONS'] !== 'true') return;
  // A delimiter that no value can hold, so that no value can set another output.
  const delimiter = `end-${randomUUID()}`;
  const text = Object.entries(outputs)
    .map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`)
    .join('');
  append(console, 'GITHUB_OUTPUT', () => text);
}

function append(console: Console, variable: string, text: (path: string) => string): void {
  const path = console.environment[variable];
  if (path === undefined || path === '') return;
  try {
    appendFileSync(path, text(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    console.err.write(`warning: the file of ${variable} cannot be written (${code ?? reasonOf(error)})\n`);
  }
}

/** The summary, or a line in its place where the file would become too large. */
function fitting(markdown: string, path: string): string {
  const used = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const text = `${markdown}\n`;
  if (used + Buffer.byteLength(text) <= MOST_SUMMARY_BYTES) return text;
  const line = `${markdown.split('\n', 1)[0]}\n\nThe summary of this step is full; the report has the rest.\n`;
  return used + Buffer.byteLength(line) <= MOST_SUMMARY_BYTES ? line : '';
}
