import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { k6 } from './support/run-in-k6.ts';
import { runScript } from './support/run-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'k6-test-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs code once in k6, in its init phase. */
async function logOf(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { feeder } from './src/file/feeder.ts';
        import { fileTest } from './src/file/file-test.ts';
        export const options = { iterations: 1, vus: 1 };
        ${code}
        export default function () {}`,
      resolveDir: `${import.meta.dirname}/..`,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['@jarvis-load/source'],
    inject: [`${import.meta.dirname}/../src/file/globals.ts`],
    external: ['k6', 'k6/*'],
  });
  const { log } = await runScript(outputFiles[0]!.text);
  return log.replaceAll('\\"', '"');
}

describe.skipIf(k6 === undefined)('a test file in k6', () => {
  it.concurrent('has feeders of one file with other options, each with rows of its own', async () => {
    const path = join(folder, 'users.csv');
    writeFileSync(path, 'name,age\nann,7\n');
    const log = await logOf(`
      const named = feeder.csv('${path}');
      const plain = feeder.csv('${path}', { header: false, columns: ['a', 'b'] });
      console.log('rows: ' + JSON.stringify([named.length, named.row(0), plain.length, plain.row(0)]));`);
    expect(log).toContain('rows: [1,{"name":"ann","age":"7"},2,{"a":"name","b":"age"}]');
  });

  it.concurrent.each([
    ["{ mode: 'unique' }", "has the unknown option 'mode'; expected name, order, atEnd, columns"],
    ["{ order: 'typo' }", "has order 'typo'; expected round-robin, unique, random, per-user"],
    ["{ columns: ['name', 'nme'] }", 'has no column nme; its columns: name, age'],
  ])('is told of wrong options of a feeder, as natively: %s', async (options, message) => {
    const path = join(folder, 'options.csv');
    writeFileSync(path, 'name,age\nann,7\n');
    expect(await logOf(`feeder.csv('${path}', ${options});`)).toContain(message);
  });

  it.concurrent('is told of a schema of rows that is none, as natively', async () => {
    const path = join(folder, 'rows.json');
    writeFileSync(path, '[{"id":"a"}]');
    expect(await logOf(`feeder.json('${path}', { schema: { id: 'string' } });`)).toContain(
      `has schema {"id":"string"}, whose 'id' is no keyword of JSON Schema; expected a schema`,
    );
    const type = `{ type: 'object', properties: { id: { type: 'string' } } }`;
    const log = await logOf(`console.log('row: ' + feeder.json('${path}', { schema: ${type} }).row(0).id)`);
    expect(log).toContain('row: a');
  });

  it.concurrent('is refused for a row of CSV that is too short, as natively', async () => {
    const path = join(folder, 'short.csv');
    writeFileSync(path, 'name,age\nann,7\nbob\n');
    const log = await logOf(`feeder.csv('${path}');`);
    expect(log).toContain('feeder "short.csv" row 3 has 1 fields; expected 2.');
  });

  it.concurrent('is given no credentials where there are none, as natively', async () => {
    const log = await logOf(`
      const make = (_, given) => {
        console.log('given: ' + JSON.stringify([given.credentials ?? null, given.identity]));
        return { name: 'a', operations: [], executor: { kind: 'per-vu-iterations' }, run() {} };
      };
      const environment = { JARVIS_LOAD_K6_ACCOUNTS: '[]' };
      fileTest({ default: make }, { scenario: 'a', settings: {}, environment });`);
    expect(log).toContain('given: [null,"shared"]');
  });
});
