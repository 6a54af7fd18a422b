/**
 * `worker`: this engine as a worker of a Locust master, for run after run until the master says quit.
 *
 * Must hold:
 * - Each run has outputs and, without `--no-journal`, a journal of its own. The journals are never removed: `merge` reads them, and
 *   finds the workers of one master by the tags that `planOf` sets.
 * - `session.close` on every path: it ends the run and the mock.
 * - The exit code is 0 whatever the verdicts of the runs; `main.ts` replaces it after a signal.
 * - `LocustWorker` passes all that it says and sends through `redact`: `Progress` removes no secrets.
 */
import { randomUUID } from 'node:crypto';
import { classNames, LocustWorker, locustfile } from '@jarvis-load/locust-worker';
import { LastPages } from '@jarvis-load/outputs';
import type { RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { exitCode } from '../exit-codes.ts';
import { MASTER_TAG, WORKER_TAG } from '../merging/runs-of-master.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { withSourcesOf, writtenAs } from '../options/resolve-settings.ts';
import { TARGET_CONFLICTS } from '../options/load-conflicts.ts';
import { WORKER_FLAGS, type WorkerSettings } from '../options/worker-flags.ts';
import { Progress } from '../output/progress.ts';
import { Journal } from '../results/journal.ts';
import { prepareReportDirectory } from '../results/run-directory.ts';
import { outputsOfRun, type RunOutputs } from '../run/outputs-of-run.ts';
import { showResult } from '../run/show-result.ts';
import { CliSession, type SessionFacts, type SessionPlan } from '../session/cli-session.ts';
import { openTarget } from '../target/open-target.ts';
import { defineCommand, type CommandContext } from './command.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 5557;

/** Address of the master. @throws CliError exit 2 for a host that is none */
function masterOf(settings: WorkerSettings): { readonly host: string; readonly port: number } {
  const { masterHost: host = DEFAULT_HOST, masterPort: port = DEFAULT_PORT } = settings;
  if (/^(?!\[)[\w.-]+$|^[\da-f:]+$/i.test(host)) return { host, port };
  throw usageError(
    'master-host',
    `${writtenAs(settings, 'masterHost')}: "${host}" is no host`,
    'a name or an IP address alone',
    'the port goes into --master-port',
  );
}

/** What a worker runs again and again. */
function planOf(settings: WorkerSettings, file: string): SessionPlan {
  const { masterHost: _, masterPort: __, printLocustfile: ___, ...given } = settings;
  const { host, port } = masterOf(settings);
  const tag = { ...settings.tag, [MASTER_TAG]: `${host}:${port}`, [WORKER_TAG]: randomUUID().slice(0, 8) };
  const load: LoadSettings = withSourcesOf(settings, { ...given, tag });
  return { settings: load, file, steered: { users: 0 }, isPart: true };
}

/** The target as the master shows it: each worker has a mock of its own. */
function hostOf({ name, baseUrl }: SessionFacts['target']): string {
  return name === 'mock' ? 'mock' : baseUrl;
}

/** Works for a Locust master until it says quit, or a signal arrives. */
async function work(
  session: CliSession,
  plan: SessionPlan,
  { target, scenarios }: SessionFacts,
  { settings, context, progress }: WorkerParts,
): Promise<void> {
  const reportDirectory = prepareReportDirectory(settings.reportDir ?? 'results', context.cwd);
  const { host, port } = masterOf(settings);
  let filesOf: RunOutputs['filesOf'] = () => [];
  const pages = new LastPages();
  const worker = new LocustWorker({
    master: { host, port, threads: settings.threads ?? 1 },
    session,
    plan,
    classes: classNames(scenarios),
    share: (users) => session.shares(users),
    loads: hostOf(target),
    outputs: () => {
      const made = outputsOfRun(plan.settings, context, progress, pages);
      filesOf = made.filesOf;
      // `merge` reads it: it stays.
      const journal = settings.noJournal === true ? [] : [new Journal(reportDirectory, context.redactor)];
      return [progress, ...made.outputs, ...journal];
    },
    onResult: (result: RunResult) => {
      const alsoWritten = filesOf(result.run.id);
      showResult(result, { settings: plan.settings, reportDirectory, alsoWritten, context });
    },
    redact: (text) => context.redactor.text(text),
    say: (level, text) => {
      if (level === 'info') progress.say(text);
      else progress.warn(`${level}: ${text}`);
    },
  });
  progress.say(`waiting for the Locust master at ${host}:${port}; Ctrl-C ends it`);
  const off = context.interruption.onStop((_, now) => {
    if (!now) worker.leave();
  });
  try {
    await worker.ended();
  } finally {
    off();
  }
}

interface WorkerParts {
  readonly settings: WorkerSettings;
  readonly context: CommandContext;
  readonly progress: Progress;
}

/** `worker`: this engine as a worker of a Locust master. */
export const worker = defineCommand<WorkerSettings>({
  name: 'worker',
  summary: 'Joins a Locust master as a worker: its users, its page, its reports; our engine',
  argument: {
    name: '[file]',
    description: 'A file of tests of your own, as load takes it; without one: the Jarvis suite',
  },
  flags: WORKER_FLAGS,
  conflicts: TARGET_CONFLICTS,
  examples: [
    'npx jarvis-load worker --print-locustfile --target=mock > locustfile.py',
    'npx jarvis-load worker --target=http://127.0.0.1:8100 --master-host=127.0.0.1',
    'npx jarvis-load worker ./shop.ts --target=http://127.0.0.1:3000 --master-host=127.0.0.1',
    'npx jarvis-load worker --scenario=chat-user --threads=2 --target=staging --confirm-target=staging.example.org:443',
  ],
  async run(settings, context, file) {
    const progress = new Progress(context, { quiet: settings.quiet === true });
    const plan = planOf(settings, file);
    const session = new CliSession(context, progress, openTarget, 'any');
    try {
      const facts = await context.interruption.race(session.prepare(plan));
      if (settings.printLocustfile === true) {
        const { definitions, scenarios, target } = facts;
        context.out.write(locustfile(definitions, classNames(scenarios), hostOf(target)));
      } else await work(session, plan, facts, { settings, context, progress });
      return exitCode('pass');
    } finally {
      await session.close();
    }
  },
});
