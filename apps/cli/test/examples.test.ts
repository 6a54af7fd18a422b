import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMock, type RunningMock } from '@jarvis-load/mock-jarvis';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
let mock: RunningMock;
beforeAll(async () => void (mock = await startMock({ preset: 'fast' })));
afterAll(() => mock.close());

/** Runs a program of `examples` as its README describes. */
async function run(name: string) {
  const source = readFileSync(join(root, 'examples', name), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  return new Promise<{ exit: number; out: string; err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--input-type=module', '-', mock.url],
      // Nx forces colours in all child processes.
      { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } },
      (_error, out, err) => resolve({ exit: child.exitCode ?? -1, out, err }),
    );
    child.stdin?.end(code);
  });
}

describe('examples', () => {
  it('ten-lines.ts is ten lines, and prints nothing but its own line', async () => {
    const lines = readFileSync(join(root, 'examples', 'ten-lines.ts'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.filter((line) => line !== '')).toHaveLength(10);
    const { exit, out, err } = await run('ten-lines.ts');
    expect(exit, err).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/^pass \d+ [\d.]+\n$/);
    // Compare with the number of requests that the mock received.
    const seen = mock
      .counters()
      .rows.filter(({ operation, phase }) => operation === 'health' && phase === 'run');
    expect(seen.reduce((sum, { arrived }) => sum + arrived, 0)).toBe(Number(out.split(' ')[1]));
  });

  it('are all named in their README', () => {
    const readme = readFileSync(join(root, 'examples', 'README.md'), 'utf8');
    for (const name of readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.ts')))
      expect(readme).toContain(`(${name})`);
  });
});
