import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { chooseTests } from '../src/run/choose-tests.ts';
import type { ChosenTests } from '../src/run/chosen-tests.ts';
import { Workspace } from './support/cli.ts';
import { MISTAKES } from './support/file-mistakes.ts';
import { GOOD, RUN, type Mistake } from './support/mistake.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-mistakes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The chosen tests, or what is thrown in place of them. */
function choose({ files = {}, given = 'shop.ts', settings = {} }: Partial<Mistake>): Promise<ChosenTests> {
  const cwd = mkdtempSync(join(folder, 'file-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return chooseTests(settings, cwd, given);
}

function errorOf(mistake: Mistake): Promise<unknown> {
  return choose(mistake).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a mistake in a test file is one error with its place and a next step', () => {
  it.each(Object.entries(MISTAKES))('%s', async (_name, mistake) => {
    const error = await errorOf(mistake);
    expect(error).toBeInstanceOf(CliError);
    const { exitCode, message, expected = '', next = '' } = error as CliError;
    expect(exitCode).toBe(2);
    for (const part of mistake.says) expect(message).toMatch(part);
    if (mistake.at !== undefined) expect(message).toContain(`    ${mistake.at}`);
    if (mistake.code !== undefined)
      expect(message.split('\n').find((line) => line.startsWith('    >'))).toContain(mistake.code);
    expect(`${expected} ${next}`).toContain(mistake.helps);
    expect(message).not.toMatch(/jarvis(?!-load)|mjs:/i);
  });
});

it('thirty mistakes of a beginner are among them', () => {
  expect(Object.keys(MISTAKES).length).toBeGreaterThanOrEqual(30);
});

it('a file without a mistake is taken', async () => {
  const error = await errorOf({ files: { 'shop.ts': GOOD }, says: [], helps: '' });
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
    'code uses where it is strict',
    GOOD.replace(
      'export default',
      "export const thresholds = { checks: ['rate>0.9'] };\nexport default () =>",
    ).replace("name: 'shop',", "name: 'shop', thresholds: Date.now() < 0 ? thresholds : {},"),
  ],
  [
    'a neighbour uses',
    `import { all } from './all.ts';\nexport const thresholds = { checks: ['rate>0.9'] };\n${GOOD.replace("name: 'shop',", "name: 'shop', thresholds: all(),")}`,
  ],
  [
    'only happen to have the name',
    `${GOOD}export const options = { locale: 'de' };\nexport const size = 3;\n`,
  ],
])('exports that %s are taken', async (_what, text) => {
  const all = `import { thresholds } from './shop.ts';\nexport const all = () => ({ ...thresholds });\n`;
  const { suite } = await choose({ files: { 'shop.ts': text, 'all.ts': all } });
  expect(suite.notes).toEqual([]);
});

it.each([
  [
    'setup',
    'shop.ts:1:17',
    `export function setup() {}\n${GOOD.replace(RUN, `setup: async () => {}, ${RUN}`)}`,
  ],
  ['teardown', 'shop.ts:1:7', `const teardown = () => {};\n${GOOD}export { teardown };\n`],
  ['executor', 'shop.ts:3:14', `${GOOD}export const executor = { kind: 'constant-vus', vus: 3 };\n`],
])('an export %s that nothing reads is a warning', async (name, place, text) => {
  const { suite } = await choose({ files: { 'shop.ts': text } });
  expect(suite.notes).toEqual([
    {
      level: 'warning',
      code: 'file-export',
      text: expect.stringContaining(
        `shop.ts: exports ${name}, which nothing reads (${place}); expected in the scenario: defineScenario({ ${name}: `,
      ) as string,
    },
  ]);
});

it('options of k6 without thresholds hold no promise: a warning', async () => {
  const text = `${GOOD}export const options = { duration: '10s' };\n`;
  const { suite } = await choose({ files: { 'shop.ts': text } });
  expect(suite.notes).toMatchObject([
    {
      level: 'warning',
      text: expect.stringContaining('exports options, which nothing reads (shop.ts:3:14)') as string,
    },
  ]);
});

it('a warning about an export is printed, and noted in the document', async () => {
  const workspace = new Workspace();
  writeFileSync(join(workspace.directory, 'shop.ts'), `${GOOD}export const setup = () => {};\n`);
  const ran = await workspace.run(['load', './shop.ts', '--target=mock', '--once']);
  const { notes } = workspace.result();
  workspace.remove();
  expect(ran.err).toContain('warning: ./shop.ts: exports setup, which nothing reads (shop.ts:3:14)');
  expect(notes.map(({ code }) => code)).toContain('file-export');
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
