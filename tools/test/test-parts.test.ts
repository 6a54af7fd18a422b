import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fastTests } from '../test-parts.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'jarvis-load-parts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(folder, 'test', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe('fastTests', () => {
  it('has what is pure, and not what uses a socket itself or through a fixture', () => {
    write('pure.test.ts', "import { it } from 'vitest'; import './fixtures/data.ts';");
    write('fixtures/data.ts', "import { readFileSync } from 'node:fs';");
    write('socket.test.ts', "import { createServer } from 'node:http';");
    write('through.test.ts', "import './fixtures/loopback.ts';");
    write('fixtures/loopback.ts', "import '../support/server.ts';");
    write('support/server.ts', "import { createServer } from 'node:net';");
    write('built.test.ts', "import { startLoad } from '../dist/index.js';");
    write('mock.test.ts', "import { startMock } from '../src/index.ts';");
    write('lazy.test.ts', "const browser = await import('playwright-core');");
    write('circle.test.ts', "import './fixtures/circle.ts';");
    write('fixtures/circle.ts', "import './circle.ts';");
    expect(fastTests(folder).toSorted()).toEqual(['test/circle.test.ts', 'test/pure.test.ts']);
  });
});

describe('test:fast', () => {
  it('runs tests of several packages in one process', async () => {
    const root = join(import.meta.dirname, '..', '..');
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    // Both set-ups differ in the number of files that `npm test` takes at a time.
    const words = [vitest, 'run', 'packages/charts/test/palette', 'apps/cli/test/text-91', '--reporter=json'];
    const { TEST_RESULTS_FOLDER: _, ...environment } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, words, {
      cwd: root,
      env: { ...environment, TEST_PART: 'fast' },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      success: true,
      numTotalTestSuites: expect.any(Number) as number,
    });
    expect((JSON.parse(stdout) as { testResults: object[] }).testResults).toHaveLength(2);
  });
});
