import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeHistogram } from '../src/recorder/index.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-examples-'));
let server: Loopback;
beforeAll(async () => {
  server = await serveHttp((_request, response) => response.end('{}'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program of `examples` as in its README, with the built engine. */
async function run(name: string, ...args: readonly string[]): Promise<{ out: string; err: string }> {
  const source = readFileSync(join(ROOT, 'examples', name), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  return new Promise((resolve) => {
    const program = ['--input-type=module', '-', ...args];
    const child = execFile(process.execPath, program, { cwd: ROOT }, (_error, out, err) =>
      resolve({ out, err }),
    );
    child.stdin!.end(code);
  });
}

describe('the examples of the engine', () => {
  it('test-a-scenario.ts tests an hour of load without waiting', async () => {
    expect(await run('test-a-scenario.ts')).toEqual({
      out: "1200 requests in an hour of the test's own\n",
      err: '',
    });
  });

  it('histogram-log.ts writes a log and percentiles that hold every request', async () => {
    expect(await run('histogram-log.ts', server.url, folder)).toEqual({ out: 'pass 100\n', err: '' });
    const lines = readFileSync(join(folder, 'run.hlog'), 'utf8').split('\n');
    const counts = lines
      .filter((line) => line.startsWith('Tag=health,'))
      .map((line) => decodeHistogram(line.split(',').at(-1)!).count);
    expect(counts.length).toBeGreaterThanOrEqual(2);
    expect(counts.reduce((sum, count) => sum + count)).toBe(100);
    expect(readFileSync(join(folder, 'health.hgrm'), 'utf8')).toMatch(/Total count +=\s+100\]/);
  });
});
