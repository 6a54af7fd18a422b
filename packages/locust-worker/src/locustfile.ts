import type { ScenarioDefinition } from '@jarvis-load/engine';

/*
 * The file for the Locust master. Must hold:
 * - `classes` are those that the workers use (`classNames` of the same scenarios): the master counts users by them.
 * - Text of scenarios or of the command line becomes Python through `pythonText`, `classNames` or `methodName` alone.
 * - Weights are whole numbers of at least 1, as Locust wants them: a scenario with a weight of 0 gets 1.
 */

/** What the file says of one scenario. */
export type StubScenario = Pick<ScenarioDefinition, 'name' | 'description' | 'tasks'> & {
  readonly weight: number;
};

/**
 * A master kills its listener half a second after its quit (`MasterRunner.quit` in Locust's runners.py). A worker says
 * quit after its last report, in Python as here, and is then none of the master's any more.
 */
const WAIT_FOR_REPORTS = `
@events.init.add_listener
def wait_for_last_reports(runner, **_kwargs):
    """A master takes reports for half a second after its quit: wait until every worker has sent its last one and left."""
    if not isinstance(runner, MasterRunner):
        return
    quit_now = runner.quit

    def quit_after_workers():
        runner.stop(send_stop_to_client=False)
        runner.send_message("quit")
        with gevent.Timeout(10, False):
            while runner.worker_count > 0:
                gevent.sleep(0.1)
        quit_now()

    runner.quit = quit_after_workers
`;

/**
 * The file that a Locust master needs for these workers: classes, weights and tasks, without code, and a wait for the
 * workers' last reports. The master divides users by the weights, and shows the ratios.
 *
 * @param classes class name by scenario: `classNames`
 * @param host shown by the master; its workers load what their own `--target` says
 */
export function locustfile(
  scenarios: readonly StubScenario[],
  classes: ReadonlyMap<string, string>,
  host: string,
): string {
  const parts = [
    '"""For a Locust master whose workers are `jarvis-load worker`, which wrote it: users of these classes run there.',
    '',
    'Workers in Python cannot use it: its tasks are empty.',
    '"""',
    '',
    'import gevent',
    'from locust import HttpUser, events, task',
    'from locust.runners import MasterRunner',
    '',
    ...WAIT_FOR_REPORTS.split('\n').slice(0, -1),
  ];
  for (const scenario of scenarios) parts.push('', '', ...classLines(scenario, classes, host));
  return `${parts.join('\n')}\n`;
}

function classLines(
  { name, description, tasks, weight }: StubScenario,
  classes: ReadonlyMap<string, string>,
  host: string,
): string[] {
  const used = new Set<string>();
  const entries = tasks ?? [{ name: 'journey', weight: 1 }];
  return [
    `class ${classes.get(name)!}(HttpUser):`,
    `    ${pythonText(description ?? `Scenario ${name}.`)}`,
    '',
    `    host = ${pythonText(host)}`,
    `    weight = ${Math.max(1, Math.round(weight))}`,
    ...entries.flatMap((task) => [
      '',
      `    @task(${taskWeight(task.weight, entries)})`,
      `    def ${methodName(task.name, used)}(self):`,
      '        pass',
    ]),
  ];
}

/** Locust repeats a task by its weight, so it has to be a whole number: shares of a thousandth where it is not. */
function taskWeight(weight: number, tasks: readonly { readonly weight: number }[]): number {
  if (tasks.every((task) => Number.isInteger(task.weight))) return weight;
  const sum = tasks.reduce((total, task) => total + task.weight, 0);
  return Math.max(1, Math.round((1000 * weight) / sum));
}

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
/** Attributes of Locust's users that a task must not replace. */
const TAKEN =
  /^(host|weight|tasks|client|environment|wait_time|abstract|fixed_count|on_start|on_stop|run|start|stop|wait|context|schedule_task)$/;

function methodName(task: string, used: Set<string>): string {
  const plain = task.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)|^$/, 'task_');
  const base = KEYWORDS.has(plain) || TAKEN.test(plain) || plain.startsWith('_') ? `task_${plain}` : plain;
  let name = base;
  for (let k = 2; used.has(name); k++) name = `${base}_${k}`;
  used.add(name);
  return name;
}

/** A Python literal: the escapes of JSON mean the same there. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}
