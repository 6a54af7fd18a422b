import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';
import { ask, pageOf } from './support/live-page.ts';

const LONG_MS = 240_000;
const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/reference/live-api.md'), 'utf8');
/** Commands of the reference, without the one that sets the variables. */
const COMMANDS = [...PAGE.matchAll(/```sh\n([\s\S]*?)```/g)]
  .map(([, text = '']) => text.trim())
  .filter((text) => text.startsWith('curl'));

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

describe('docs/reference/live-api.md', () => {
  it(
    'has commands of curl that do what it says, in their order',
    async () => {
      const page = await pageOf(workspace.start(['ui', '--ui-port=0', '--quiet']));
      const environment = { ...process.env, TOKEN: page.token, API: page.api };
      const bash = async (command: string): Promise<string> => {
        // curl ends a stream of events with 28, its time limit.
        const { stdout } = await promisify(execFile)('bash', ['-c', `${command} || test $? = 28`], {
          env: environment,
        });
        return stdout;
      };
      const state = async (): Promise<string> =>
        ((await ask(page, 'GET', '/stats/requests')) as { readonly state: string }).state;
      const [start, users, mock, report, stats, stop, events, ...rest] = COMMANDS;
      expect(rest).toEqual([]);
      expect(JSON.parse(await bash(start ?? ''))).toMatchObject({ state: 'preparing', mode: 'control' });
      await expect.poll(state, { timeout: 60_000 }).toBe('running');
      expect(JSON.parse(await bash(users ?? ''))).toMatchObject({ steered: { by: 'users', value: 50 } });
      expect(JSON.parse(await bash(mock ?? ''))).toMatchObject({ turnP95Ms: 800 });
      await expect.poll(() => bash(report ?? ''), { timeout: 60_000 }).toMatch(/^Type,Name,Request Count/);
      expect(JSON.parse(await bash(stats ?? ''))).toMatchObject({ state: 'running' });
      expect(await bash(events ?? '')).toMatch(/event: state\ndata: \{/);
      expect(JSON.parse(await bash(stop ?? ''))).toMatchObject({ state: 'stopping' });
      await expect.poll(state, { timeout: 60_000 }).toBe('ended');
    },
    LONG_MS,
  );

  it(
    'names every path of the API',
    async () => {
      const page = await pageOf(workspace.start(['ui', '--ui-port=0', '--quiet']));
      const { paths } = (await ask(page, 'GET', '/openapi.json')) as { readonly paths: object };
      const named = Object.keys(paths).map((path) =>
        path
          .replace('{runId}', '<run id>')
          .replace('{file}', '<file>')
          .replace(/\/run\/resume$/, '/run/pause` `resume'),
      );
      expect(named.filter((path) => !PAGE.includes(path))).toEqual([]);
      expect(named.length).toBeGreaterThan(10);
    },
    LONG_MS,
  );
});
