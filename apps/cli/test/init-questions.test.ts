import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM, Workspace } from './support/cli.ts';
import { KEYS, ShellInTerminal } from './support/shell-in-terminal.ts';

const canOpenTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;
if (!canOpenTerminals) console.log('skipped: the questions of init need python3 with its module pty');

let workspace: Workspace;
let shell: ShellInTerminal;
beforeEach(() => {
  workspace = new Workspace();
  shell = new ShellInTerminal(160, 40, workspace.directory, workspace.environment());
});
afterEach(async () => {
  await shell.close();
  workspace.remove();
});

const TARGET = 'What is loaded: mock, or an address? [mock]';
const PATH = 'Which path does the first test request?';

/** Number of times that the terminal shows a text. */
const times = (text: string): number => shell.text.split(text).length - 1;

async function start(): Promise<void> {
  await shell.shows('prompt', () => shell.isWaiting);
  shell.type(`'${process.execPath}' '${PROGRAM}' init${KEYS.enter}`);
  await shell.shows('first question', () => times(TARGET) === 1);
}

/** Waits until the program has ended; returns its exit code. */
async function exitCode(): Promise<number> {
  await shell.shows('prompt', () => shell.isWaiting);
  return Number(/code (\d+)/.exec(await shell.command('echo "code $?"'))?.[1]);
}

const config = (): unknown => JSON.parse(workspace.file('jarvis-load.config.json'));

describe.skipIf(!canOpenTerminals)('the questions of init at a terminal', { timeout: 180_000 }, () => {
  it('have usual answers, which Enter takes', async () => {
    await start();
    shell.type(KEYS.enter);
    await shell.shows('second question', () => times(`${PATH} [/health]`) === 1);
    shell.type(KEYS.enter);
    expect(await exitCode()).toBe(0);
    expect(config()).toEqual({ target: 'mock' });
    expect(workspace.file('load.ts')).toContain("await user.get('/health');");
  });

  it('are asked again after an answer that is none', async () => {
    await start();
    shell.type(`http://a b${KEYS.enter}`);
    await shell.shows('question again', () => times(TARGET) === 2);
    shell.type(`example.org${KEYS.enter}`);
    await shell.shows('question again', () => times(TARGET) === 3);
    expect(shell.text).toContain('example.org is not on this machine');
    shell.type(`  localhost:3000/ ${KEYS.enter}`);
    await shell.shows('second question', () => times(`${PATH} [/]`) === 1);
    shell.type(`products${KEYS.enter}`);
    await shell.shows('second question again', () => times(`${PATH} [/]`) === 2);
    shell.type(`/products?limit=5${KEYS.enter}`);
    expect(await exitCode()).toBe(0);
    expect(config()).toEqual({ target: 'http://localhost:3000' });
    expect(workspace.file('load.ts')).toContain("await user.get('/products', { query: { 'limit': '5' } });");
  });

  it.each([
    ['Ctrl-C', KEYS.ctrlC, 130, 'nothing to report'],
    ['the end of the input', '\u0004', 2, 'the question has no answer'],
  ])('end without a file by %s', async (_, key, code, says) => {
    await start();
    shell.type(KEYS.enter);
    await shell.shows('second question', () => times(PATH) === 1);
    shell.type(key);
    expect(await exitCode()).toBe(code);
    expect(shell.text).toContain(says);
    expect(existsSync(join(workspace.directory, 'load.ts'))).toBe(false);
  });
});
