// @ts-check
/**
 * Hands `--target` of `nx run <project>:<target>` on to the task.
 *
 * Nx declares `--target`/`-t` for itself on `run`, where it means nothing beside a `project:target` positional, and drops
 * it without a word: `nx run cli:load --target=mock` would load the default target. Before the tasks start, this plugin
 * reads the flag as it was typed and sets `JARVIS_LOAD_TARGET`, which the CLI takes where `--target` is not given.
 *
 * Plain JavaScript, because Nx loads it before anything is built.
 */

export const name = 'jarvis-load-target';

/** The environment variable that the CLI's `--target` falls back to. */
const targetVariable = 'JARVIS_LOAD_TARGET';

/** Commands of Nx that run tasks and take `--target` as the tasks to run. */
const commandsWithTargets = new Set(['run-many', 'affected', 'release']);

/**
 * Nx's hook: what it sets in `process.env` reaches the tasks, also when Nx runs it in a process of its own.
 *
 * @param {unknown} _options options of the plugin in nx.json: none
 * @param {{ argv?: readonly string[] }} context `argv` is that of the `nx` process
 * @returns {void}
 */
export function preTasksExecution(_options, { argv = [] }) {
  const target = typedTarget(argv.slice(2));
  if (target !== undefined) process.env[targetVariable] = target;
}

/**
 * The value of the last `--target` or `-t` on the command line of a single task: `nx run project:target` or, shorter,
 * `nx target project`. Undefined where none was typed, and where the flag really is Nx's.
 *
 * @param {readonly string[]} words the command line behind `nx`
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
