import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM, Workspace } from './support/cli.ts';
import { KEYS, ShellInTerminal } from './support/shell-in-terminal.ts';

const LONG_MS = 180_000;

let workspace: Workspace;
let shell: ShellInTerminal;
beforeEach(() => {
  workspace = new Workspace();
  shell = new ShellInTerminal(100, 30, workspace.directory, workspace.environment());
});
afterEach(async () => {
  await shell.close();
  workspace.remove();
});

async function start(args: string): Promise<void> {
  await shell.shows('prompt', () => shell.isWaiting);
  shell.type(`'${process.execPath}' '${PROGRAM}' ${args}${KEYS.enter}`);
  await shell.shows('screen', () => shell.isOnSecondScreen && /^q stop/m.test(shell.text));
  expect(shell.isCursorShown).toBe(false);
}

/** Size of the journal of the run, which gets a line each second. */
function journalBytes(): number {
  const results = join(workspace.directory, 'results');
  const [id] = readdirSync(results).filter((name) => name !== 'latest');
  return statSync(join(results, id!, 'journal.ndjson')).size;
}

/** The terminal is as the shell had it: first screen, cursor, wrapping, line by line with echo. */
async function expectGivenBack(): Promise<void> {
  expect(shell.isOnSecondScreen).toBe(false);
  expect(shell.isCursorShown).toBe(true);
  expect(shell.terminal.modes.wraparoundMode).toBe(true);
  // Once as it is typed, once as it is printed.
  expect((await shell.command('echo given back')).match(/given back/g)).toHaveLength(2);
  expect(shell.text).toContain(PROGRAM);
}

describe('the screen of a run in a real terminal', () => {
  it(
    'gives the terminal to the shell for Ctrl-Z, goes on for bg, takes it back for fg in its new size, and leaves it for Ctrl-C',
    async () => {
      await start('load --target=mock --scenario=memory --users=2 --duration=30m');
      shell.type(KEYS.ctrlZ);
      await shell.shows('prompt', () => shell.isWaiting);
      expect(shell.text).toMatch(/Stopped|suspended/i);
      await expectGivenBack();

      // In the background the run goes on, and leaves the terminal alone.
      await shell.command('bg');
      const before = journalBytes();
      await shell.shows('journal that grows', () => journalBytes() > before);
      expect(await shell.command('jobs')).toMatch(/Running/i);
      await expectGivenBack();
      shell.resize(62, 16);

      shell.type(`fg${KEYS.enter}`);
      await shell.shows('screen', () => shell.isOnSecondScreen && /^q stop/m.test(shell.text));
      expect(shell.isCursorShown).toBe(false);
      await shell.shows('frame of 62 columns', () => /^mock .{50,60}… *$/m.test(shell.text));
      const frame = shell.text.split('\n');
      expect(frame.at(-1)).toMatch(/^q stop/);
      expect(frame.length).toBeLessThanOrEqual(16);
      expect(frame.filter((line) => line.length > 62)).toEqual([]);

      shell.type(KEYS.ctrlC);
      await shell.shows('prompt', () => shell.isWaiting);
      expect(await shell.command('echo exit code $?')).toContain('exit code 130');
      await expectGivenBack();
      expect(shell.text).toMatch(/NOT VALID/);
      expect(workspace.result().run.end).toEqual({ kind: 'aborted', reason: 'SIGINT' });
    },
    LONG_MS,
  );

  it(
    'leaves the terminal when the run ends by an error that nothing handles, which stands below',
    async () => {
      const source = `
        import { existsSync } from 'node:fs';
        export default {
          name: 'crash',
          operations: [{ name: 'health', method: 'GET', route: '/health' }],
          async run(user) {
            await user.request({ operation: 'health', path: '/health' });
            // Outside of every promise that the engine awaits.
            setTimeout(() => { if (existsSync('now')) throw new Error('nobody catches this'); });
            await user.think(0.1);
          },
          executor: { kind: 'constant-vus', vus: 1, duration: '30m' },
        };`;
      writeFileSync(join(workspace.directory, 'crash.js'), source);
      await start('load ./crash.js --target=mock');
      writeFileSync(join(workspace.directory, 'now'), '');
      await shell.shows('prompt', () => shell.isWaiting);
      expect(await shell.command('echo exit code $?')).toContain('exit code 98');
      await expectGivenBack();
      expect(shell.text).toMatch(/nobody catches this/);
      expect(workspace.result().run.end.kind).toBe('error');
    },
    LONG_MS,
  );
});
