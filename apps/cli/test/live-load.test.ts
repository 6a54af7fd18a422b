import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor, type LoadRun } from '@jarvis-load/engine';
import { afterAll, expect, it } from 'vitest';
import type { CommandContext } from '../src/commands/command.ts';
import { liveLoad } from '../src/live/live-load.ts';
import type { RunSteering } from '../src/run/run-steering.ts';
import type { OpenTarget } from '../src/target/open-target.ts';
import { ask } from './support/live-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-live-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reports that the page of a run offers while it is on. */
async function offered(hasJournal: boolean): Promise<readonly string[]> {
  let said = '';
  const context = {
    environment: { XDG_STATE_HOME: folder },
    redactor: new Redactor(),
    err: { write: (text: string) => (said += text) },
  } as unknown as CommandContext;
  const target = { name: 'local', baseUrl: 'http://127.0.0.1:1' } as OpenTarget;
  const settings = { ui: 'view', uiPort: 0 } as const;
  const page = await liveLoad(settings, context, target, folder, hasJournal);
  page.onRun({} as LoadRun, { level: undefined, onChange: () => undefined } as unknown as RunSteering);
  const [, api, token = ''] = /live page: (\S+)\/#token=([\w-]+)/.exec(said)!;
  const state = await ask({ api: `${api}/api`, token }, 'GET', '/state');
  const { session } = state as { readonly session: { readonly reports: readonly string[] } };
  await page.end(undefined);
  return session.reports;
}

it('the page of a run offers reports so far only where there is a journal to make them of', async () => {
  expect(await offered(true)).toContain('report.html');
  expect(await offered(false)).toEqual([]);
});
