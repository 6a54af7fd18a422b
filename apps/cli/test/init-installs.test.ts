import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

const MODULES = join(import.meta.dirname, '..', '..', '..', 'node_modules');

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

const inFolder = (name: string): string => join(workspace.directory, name);

/** The words of the `npm install` that `init` says is next; `undefined`: none. */
async function installAfter(packageFile: object | string | undefined): Promise<string[] | undefined> {
  const text = typeof packageFile === 'string' ? packageFile : JSON.stringify(packageFile);
  if (packageFile !== undefined) writeFileSync(inFolder('package.json'), text);
  const { code, out, err } = await workspace.run(['init', '--target=mock']);
  expect(code, err).toBe(0);
  if (packageFile !== undefined) expect(workspace.file('package.json')).toBe(text);
  return /^ {2}(npm install.*?) {2,}types in your editor$/m.exec(out)?.[1]?.split(' ');
}

it('init in an empty folder says npm install', async () => {
  expect(await installAfter(undefined)).toEqual(['npm', 'install']);
});

it.each([
  ['of npm init', { name: 'a', version: '1.0.0' }],
  ['that is not JSON', '{'],
])('init beside a package.json %s says which packages are added', async (_, packageFile) => {
  const [npm, install, dev, ...packages] = (await installAfter(packageFile)) ?? [];
  expect([npm, install, dev, packages.pop()]).toEqual([
    'npm',
    'install',
    '--save-dev',
    `'@types/node@^20.19.0'`,
  ]);
  for (const each of packages) {
    expect(each).toMatch(/^file:\//);
    expect(existsSync(join(each.slice('file:'.length), 'package.json'))).toBe(true);
  }
  expect(packages).toContain(`file:${join(import.meta.dirname, '..')}`);
  expect(packages).toContain(`file:${join(MODULES, '..', 'packages', 'engine')}`);
});

it('init beside a package.json that names the packages says npm install alone', async () => {
  const dependencies = { '@jarvis-load/cli': '1', '@jarvis-load/engine': '1' };
  expect(await installAfter({ dependencies })).toEqual(['npm', 'install']);
});

it('init where the packages are found says nothing to install', async () => {
  symlinkSync(MODULES, inFolder('node_modules'));
  expect(await installAfter({ name: 'a' })).toBeUndefined();
});
