import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { chooseTests } from '../src/run/choose-tests.ts';
import { Workspace } from './support/cli.ts';
import { MISTAKES } from './support/file-mistakes.ts';
import { GOOD, type Mistake } from './support/mistake.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-mistakes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function errorOf(
  { files = {}, given = 'shop.ts', settings = {} }: Mistake,
  number: number,
): Promise<unknown> {
  const cwd = join(folder, String(number));
  mkdirSync(cwd);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return chooseTests(settings, cwd, given).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a mistake in a test file is one error with its place and a next step', () => {
  it.each(Object.entries(MISTAKES).map(([name, mistake], number) => [name, mistake, number] as const))(
    '%s',
    async (_name, mistake, number) => {
      const error = await errorOf(mistake, number);
      expect(error).toBeInstanceOf(CliError);
      const { exitCode, message, expected = '', next = '' } = error as CliError;
      expect(exitCode).toBe(2);
      for (const part of mistake.says) expect(message).toMatch(part);
      if (mistake.at !== undefined) expect(message).toContain(`    ${mistake.at}`);
      if (mistake.code !== undefined)
        expect(message.split('\n').find((line) => line.startsWith('    >'))).toContain(mistake.code);
      expect(`${expected} ${next}`).toContain(mistake.helps);
      expect(message).not.toMatch(/jarvis(?!-load)|mjs:/i);
    },
  );
});

it('thirty mistakes of a beginner are among them', () => {
  expect(Object.keys(MISTAKES).length).toBeGreaterThanOrEqual(30);
});

it('a file without a mistake is taken', async () => {
  const error = await errorOf({ files: { 'shop.ts': GOOD }, says: [], helps: '' }, 1000);
  expect(error).toBeUndefined();
});

it.each([
  [
    'a scenario has',
    `${GOOD.replace("name: 'shop',", "name: 'shop', thresholds, setup: prepare,")}export const thresholds = { http_req_failed: ['rate<0.01'] };\nexport { prepare as setup };\nfunction prepare() {}\n`,
  ],
  [
    'code uses',
    `export const executor = { kind: 'constant-vus', vus: 1, duration: 1 } as const;\n${GOOD.replace("name: 'shop',", "name: 'shop', executor: { ...executor, vus: 2 },")}`,
  ],
  [
    'only happen to have the name',
    `${GOOD}export const options = { locale: 'de' };\nexport const size = 3;\n`,
  ],
])('exports that %s are taken', async (what, text) => {
  const number = 1001 + what.length;
  expect(await errorOf({ files: { 'shop.ts': text }, says: [], helps: '' }, number)).toBeUndefined();
});

it.each([
  ['capacity', './shop.ts', '--target=mock', '--dry-run'],
  ['worker', './shop.ts', '--target=mock', '--print-locustfile'],
])('%s takes a test file where a variable names a suite', async (...words) => {
  const workspace = new Workspace();
  writeFileSync(join(workspace.directory, 'shop.ts'), GOOD);
  const ran = await workspace.run(words, { JARVIS_LOAD_SUITE: 'openai' });
  workspace.remove();
  expect(ran.code, ran.err).toBe(0);
});
