import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';

/** A step of a composite action. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A composite action, as its `action.yml` has it. */
export interface CompositeAction {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export function readAction(path: string): CompositeAction {
  return parse(readFileSync(path, 'utf8')) as CompositeAction;
}

/** Where and how {@link runAction} runs. */
interface Runner {
  /** Folder of the repository with the action. */
  readonly actionPath: string;
  /** Folder of the job. */
  readonly workspace: string;
  /** Stands for the cache of the repository; has one entry. */
  readonly cache: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly branch: string;
}

/** What a job had after the action. */
interface ActionRun {
  readonly outputs: Readonly<Record<string, string>>;
  /** Names of the steps that were not skipped. */
  readonly steps: readonly string[];
  readonly failed: readonly string[];
  readonly summary: string;
  /** Folder that `actions/upload-artifact` was given. */
  readonly artifact: string | undefined;
  readonly log: string;
}

/**
 * Runs the steps of an action as GitHub's runner does: conditions and expressions are evaluated, scripts run in bash with
 * their environment, outputs come from `GITHUB_OUTPUT`. Of other actions, the cache is a folder and the upload is noted; Node
 * and the dependencies are those of this machine.
 */
export async function runAction(action: CompositeAction, runner: Runner): Promise<ActionRun> {
  const { workspace, cache } = runner;
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: value }]) => [name, runner.inputs[name] ?? value]),
  );
  const steps: Record<string, { outputs: Record<string, string>; outcome: string }> = {};
  for (const { id } of action.runs.steps)
    if (id !== undefined) steps[id] = { outputs: {}, outcome: 'skipped' };
  const github = {
    action_path: runner.actionPath,
    run_id: '1',
    run_attempt: '1',
    ref_name: runner.branch,
    event: { repository: { default_branch: 'main' } },
  };
  const done: string[] = [];
  const failed: string[] = [];
  let [summary, log] = ['', ''];
  let artifact: string | undefined;
  const evaluate = (expression: string): unknown =>
    runInNewContext(expression.replace(/\.(\w+(?:-\w+)+)/g, "['$1']"), {
      inputs,
      steps,
      github,
      always: () => true,
    });
  const fill = (value: string): string =>
    value.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
      const found = evaluate(expression);
      return typeof found === 'string' ? found : '';
    });

  for (const [index, step] of action.runs.steps.entries()) {
    const condition = step.if ?? 'true';
    if (failed.length > 0 && !condition.includes('always()')) continue;
    if (evaluate(condition) !== true) continue;
    const name = step.name ?? step.uses ?? '';
    done.push(name);
    let outcome = 'success';
    let found: Record<string, string> = {};
    const given = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([key, value]) => [key, fill(value)]),
    );
    const path = join(workspace, given['path'] ?? '');
    if (step.uses?.startsWith('actions/cache/restore@') === true) {
      if (existsSync(cache)) cpSync(cache, path, { recursive: true });
    } else if (step.uses?.startsWith('actions/cache/save@') === true) {
      cpSync(path, cache, { recursive: true });
    } else if (step.uses?.startsWith('actions/upload-artifact@') === true) {
      artifact = given['path'];
    } else if (step.run !== undefined && !step.run.startsWith('npm ci')) {
      const files = { output: join(workspace, `.output-${index}`), summary: join(workspace, '.summary') };
      writeFileSync(files.output, '');
      writeFileSync(files.summary, '');
      const environment = Object.fromEntries(
        Object.entries(step.env ?? {}).map(([key, value]) => [key, fill(value)]),
      );
      mkdirSync(workspace, { recursive: true });
      const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
        cwd: workspace,
        env: {
          PATH: process.env['PATH'],
          HOME: workspace,
          ...environment,
          GITHUB_ACTIONS: 'true',
          GITHUB_ACTION_PATH: runner.actionPath,
          GITHUB_WORKSPACE: workspace,
          GITHUB_OUTPUT: files.output,
          GITHUB_STEP_SUMMARY: files.summary,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = Promise.all([text(child.stdout), text(child.stderr)]);
      const [code] = (await once(child, 'close')) as [number];
      log += (await said).join('');
      found = outputsOf(readFileSync(files.output, 'utf8'));
      summary += readFileSync(files.summary, 'utf8');
      if (code !== 0) outcome = 'failure';
    }
    if (outcome === 'failure') failed.push(name);
    if (step.id !== undefined) steps[step.id] = { outputs: found, outcome };
  }
  const outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value)]),
  );
  return { outputs, steps: done, failed, summary, artifact, log };
}

/** Lines of `name=value`, and blocks of `name<<end`. */
function outputsOf(file: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = file.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const [, name = '', sign, rest = ''] = /^([\w-]+)(<<|=)(.*)$/.exec(lines[index]!) ?? [];
    if (sign === '=') found[name] = rest;
    if (sign !== '<<') continue;
    const end = lines.indexOf(rest, index + 1);
    found[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return found;
}
