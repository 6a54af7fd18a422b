import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const DIST = join(import.meta.dirname, '..', 'dist');
const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a process of its own loads for some code: folders of `dist`, and packages that are not of this workspace. */
function loadedBy(name: string, code: string): { readonly folders: string[]; readonly packages: string[] } {
  const coverage = join(folder, name);
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, NODE_V8_COVERAGE: coverage },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const urls = readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
      readonly result: readonly { readonly url: string }[];
    };
    return result.map(({ url }) => url);
  });
  const found = (pattern: RegExp): string[] =>
    [...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []))].toSorted((one, other) =>
      one < other ? -1 : 1,
    );
  return {
    folders: found(/\/packages\/outputs\/dist\/([\w-]+)\//),
    packages: found(/\/node_modules\/((?:@[\w-]+\/)?[\w-]+)\/(?!.*\/node_modules\/)/),
  };
}

/** @returns code that makes an output, without starting it */
function making(spec: string): string {
  return `
    import { createExporter } from ${JSON.stringify(join(DIST, 'create-exporter.js'))};
    import { parseOutput } from ${JSON.stringify(join(DIST, 'spec', 'parse-output.js'))};
    await createExporter(parseOutput(${JSON.stringify(spec)}), { name: 'x', cwd: '.', environment: {} });
  `;
}

const OUTPUTS = ['files', 'influxdb', 'otlp', 'prometheus', 'remote-write'];

describe('the code of an output', () => {
  it('is not loaded by what the command line loads, without --out', () => {
    const { folders, packages } = loadedBy('index', `import ${JSON.stringify(join(DIST, 'index.js'))};`);
    expect(folders).toContain('worker');
    expect(folders.filter((each) => OUTPUTS.includes(each))).toEqual([]);
    expect(packages).toEqual([]);
  });

  it.each([
    ['csv=a.csv', ['files'], /^$/],
    ['prometheus=:9464', ['prometheus'], /^$/],
    ['prometheus-rw=http://127.0.0.1:9/w', ['remote-write'], /^(snappyjs|@bufbuild\/protobuf)$/],
    ['influxdb=http://127.0.0.1:9/db', ['influxdb'], /^@influxdata\//],
    ['otlp=http://127.0.0.1:9', ['otlp'], /^(@opentelemetry\/|protobufjs$|@protobufjs\/|long$)/],
  ])('is loaded for itself: %s', (spec, own, libraries) => {
    const { folders, packages } = loadedBy(spec.split('=', 1)[0]!, making(spec));
    // The text of `le` is that of the scrape page.
    const shared = own[0] === 'remote-write' ? ['prometheus'] : [];
    expect(folders.filter((each) => OUTPUTS.includes(each))).toEqual([...shared, ...own]);
    expect(packages.filter((each) => !libraries.test(each))).toEqual([]);
    expect(packages.length > 0).toBe(!libraries.test(''));
  });
});
