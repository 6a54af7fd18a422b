// @ts-check
/**
 * Passes `--target` of `nx run <project>:<target>` to the task, and shows the last words of a run once more below those
 * of Nx.
 *
 * Nx declares `--target`/`-t` as its own option of `run`, where it has no effect beside a `project:target` positional,
 * and drops it silently: `nx run cli:load --target=mock` would load the default target. Before the tasks start, this
 * plugin reads the flag from the command line and sets `JARVIS_LOAD_TARGET`, which the CLI uses when `--target` is not
 * given.
 *
 * Nx ends every task with a banner and a table of its own, below the verdict and the path of the report. The command line
 * writes its last lines to the file of `JARVIS_LOAD_LAST_LINES` as well, and the hook after the tasks prints them.
 *
 * Plain JavaScript, because Nx loads it before anything is built.
 */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const name = 'jarvis-load-target';

/** The environment variable that the CLI uses when `--target` is not given. */
const targetVariable = 'JARVIS_LOAD_TARGET';

/** The environment variable with the file for the last lines of a run. */
const lastLinesVariable = 'JARVIS_LOAD_LAST_LINES';

/** Nx ends its process right after this hook: time for it to hand on what the hook printed. */
const handOnMs = 100;

/** Nx commands in which `--target` names the tasks to run. */
const commandsWithTargets = new Set(['run-many', 'affected', 'release']);

/**
 * Nx's hook: variables set in `process.env` reach the tasks, even when Nx runs plugins in a separate process.
 *
 * @param {unknown} _options options of the plugin in nx.json: none
 * @param {{ argv?: readonly string[], id?: string, workspaceRoot?: string }} context `argv` of the `nx` process
 * @returns {void}
 */
export function preTasksExecution(_options, { argv = [], id, workspaceRoot }) {
  const target = typedTarget(argv.slice(2));
  if (target !== undefined) process.env[targetVariable] = target;
  if (id === undefined || workspaceRoot === undefined || !isSingleTask(argv.slice(2))) return;
  const path = lastLinesPath(workspaceRoot, id);
  mkdirSync(dirname(path), { recursive: true });
  process.env[lastLinesVariable] = path;
}

/**
 * Nx's hook after its own summary: prints the last lines of the run.
 *
 * @param {unknown} _options options of the plugin in nx.json: none
 * @param {{ argv?: readonly string[], id?: string, workspaceRoot?: string }} context as before the tasks
 * @returns {Promise<void>}
 */
export async function postTasksExecution(_options, { argv = [], id, workspaceRoot }) {
  if (id === undefined || workspaceRoot === undefined || !isSingleTask(argv.slice(2))) return;
  const path = lastLinesPath(workspaceRoot, id);
  let lines;
  try {
    lines = readFileSync(path, 'utf8');
  } catch {
    return; // The task was not a run, or it did not get to its end.
  }
  rmSync(path, { force: true });
  process.stdout.write(lines);
  await sleep(handOnMs);
}

/**
 * @param {string} workspaceRoot
 * @param {string} id of this Nx command
 * @returns {string}
 */
function lastLinesPath(workspaceRoot, id) {
  return join(workspaceRoot, 'node_modules', '.cache', `jarvis-load-last-lines-${id}`);
}

/**
 * Whether the command line runs one task of a project, in Nx's long or short form.
 *
 * @param {readonly string[]} words the command line after `nx`
 * @returns {boolean}
 */
function isSingleTask(words) {
  const [command = ''] = words;
  return command !== '' && !command.startsWith('-') && !commandsWithTargets.has(command);
}

/**
 * The value of the last `--target` or `-t` on the command line of a single task: `nx run project:target` or the short
 * form `nx target project`. Undefined when it is missing or when the flag is meant for Nx.
 *
 * @param {readonly string[]} words the command line after `nx`
 * @returns {string | undefined}
 */
export function typedTarget(words) {
  const [command = '', ...rest] = words;
  if (commandsWithTargets.has(command) || command.startsWith('-')) return undefined;
  // Without the positional, `--target` names the Nx target to run (`nx run --project=cli --target=build`).
  const positional = rest.find((word) => !word.startsWith('-'));
  if (command === 'run' && !positional?.includes(':')) return undefined;

  let target;
  for (const [index, word] of words.entries()) {
    const inline = /^(?:--target|-t)=(.*)$/s.exec(word);
    if (inline) target = inline[1];
    else if (word === '--target' || word === '-t') target = words[index + 1] ?? target;
  }
  return target;
}
