// @ts-check
/**
 * Passes `--target` of `nx run <project>:<target>` to the task.
 *
 * Nx declares `--target`/`-t` as its own option of `run`, where it has no effect beside a `project:target` positional,
 * and drops it silently: `nx run cli:load --target=mock` would load the default target. Before the tasks start, this
 * plugin reads the flag from the command line and sets `JARVIS_LOAD_TARGET`, which the CLI uses when `--target` is not
 * given.
 *
 * Plain JavaScript, because Nx loads it before anything is built.
 */

export const name = 'jarvis-load-target';

/** The environment variable that the CLI uses when `--target` is not given. */
const targetVariable = 'JARVIS_LOAD_TARGET';

/** Nx commands in which `--target` names the tasks to run. */
const commandsWithTargets = new Set(['run-many', 'affected', 'release']);

/**
 * Nx's hook: variables set in `process.env` reach the tasks, even when Nx runs plugins in a separate process.
 *
 * @param {unknown} _options options of the plugin in nx.json: none
 * @param {{ argv?: readonly string[] }} context `argv` of the `nx` process
 * @returns {void}
 */
export function preTasksExecution(_options, { argv = [] }) {
  const target = typedTarget(argv.slice(2));
  if (target !== undefined) process.env[targetVariable] = target;
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
