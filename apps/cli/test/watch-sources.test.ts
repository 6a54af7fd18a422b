import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { chooseTests } from '../src/run/choose-tests.ts';
import { watchSources } from '../src/test-file/watch-sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const FILE = `import { defineScenario, feeder } from '@jarvis-load/engine';
import { PATH } from './path.ts';
const users = feeder.csv(new URL('./users.csv', import.meta.url), { columns: ['name'] });
export default defineScenario({
  name: users.row(0).name + PATH,
  operations: ['GET /cart'],
  feeders: [users],
  run: async (user) => void (await user.get('/cart')),
});
`;

it('a test file runs again when it, a neighbour or its data is saved, in whatever way an editor does it', async () => {
  write('path.ts', `export const PATH = '/a';`);
  write('users.csv', 'name\nada\n');
  write('shop.ts', FILE);
  const seen: string[] = [];
  let stop = (): void => undefined;
  const interruption = {
    signal: undefined as string | undefined,
    onStop(listener: () => void) {
      stop = () => {
        interruption.signal = 'SIGINT';
        listener();
      };
      return () => undefined;
    },
  };
  const context = {
    cwd: folder,
    err: { write: (text: string) => seen.push(text.trim().split('\n')[0]!) },
    redactor: { text: (text: string) => text },
    interruption,
  };
  const watching = watchSources(
    'shop.ts',
    async (onRead) => {
      const { suite } = await chooseTests({}, folder, 'shop.ts');
      onRead();
      seen.push(`ran ${suite.scenarios[0]!.name}`);
    },
    context as unknown as Parameters<typeof watchSources>[2],
  );
  /** Waits until the last run says so, and the files are watched again. */
  const says = async (what: string): Promise<void> =>
    vi.waitFor(
      () => expect(seen.slice(-2)).toEqual([what, expect.stringMatching(/^watching shop\.ts/)]),
      60_000,
    );

  await says('ran ada/a');
  write('path.ts', `export const PATH = '/b';`);
  await says('ran ada/b');
  write('users.csv', 'name\nbob\n');
  await says('ran bob/b');
  write('shop.ts', `${FILE}export const x = ;\n`);
  await says('error: shop.ts: Unexpected ";"');
  write('.shop.ts.tmp', FILE);
  renameSync(join(folder, '.shop.ts.tmp'), join(folder, 'shop.ts'));
  await says('ran bob/b');
  rmSync(join(folder, 'shop.ts'));
  await says('error: shop.ts: there is no such file');
  write('shop.ts', FILE);
  await says('ran bob/b');
  const runs = seen.length;
  // Neither in the file nor named by it.
  write('other.csv', 'name\n');
  stop();
  await watching;
  expect(seen).toHaveLength(runs);
}, 240_000);
