import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineLimited } from '../prove/machine-limited.js';

const resultOf = (status: string, ...codes: readonly string[]) => ({
  verdict: { status, reasons: codes.map((code) => ({ code, text: `because of ${code}` })) },
});

/** Verdict, reasons, and whether the machine is the only cause. */
const CASES = [
  ['not-valid', ['machine-limited'], true],
  ['not-valid', ['machine-limited', 'unproven', 'retried'], true],
  ['not-valid', ['machine-limited', 'generator-limited'], true],
  ['not-valid', ['generator-limited'], false],
  ['not-valid', ['machine-busy'], false],
  ['not-valid', ['machine-limited', 'interrupted'], false],
  ['not-valid', ['machine-limited', 'dropped'], false],
  ['not-valid', [], false],
  ['fail', ['machine-limited'], false],
  ['fail', ['objective', 'machine-busy'], false],
  ['pass', ['machine-limited'], false],
] as const;

describe('a run is not valid for nothing but the machine', () => {
  it.each(CASES)('%s because of %j: %s', (status, codes, accepted) => {
    const result = resultOf(status, ...codes) as Parameters<typeof machineLimited>[0];
    expect(machineLimited(result)).toBe(accepted ? 'because of machine-limited' : undefined);
  });
});

describe('the wrapper of the main job', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jarvis-load-permitting-'));
    mkdirSync(join(folder, 'results'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Makes `name` the latest run. */
  function leave(name: string, text: string): void {
    mkdirSync(join(folder, 'results', name));
    writeFileSync(join(folder, 'results', name, 'result.json'), text);
    rmSync(join(folder, 'results', 'latest'), { force: true });
    symlinkSync(name, join(folder, 'results', 'latest'));
  }

  /** A command that writes `text` as a new run, if given, and exits with `code`. */
  function run(code: number, text?: string) {
    const script =
      text === undefined
        ? ''
        : `const fs = require('fs'); fs.mkdirSync('results/new'); fs.writeFileSync('results/new/result.json', ${JSON.stringify(text)});
           fs.rmSync('results/latest', { force: true }); fs.symlinkSync('new', 'results/latest');`;
    const program = join(import.meta.dirname, '..', 'machine-permitting.js');
    const words = [program, process.execPath, '-e', `${script} process.exitCode = ${code};`];
    return spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
  }

  const LIMITED = JSON.stringify(resultOf('not-valid', 'machine-limited'));

  it('accepts a new document that is limited by the machine, and says so', () => {
    const { status, stdout } = run(1, LIMITED);
    expect(status).toBe(0);
    expect(stdout).toContain('accepted although it proves nothing (exit 98, machine-limited): because of');
  });

  it('keeps the exit of a failure', () => {
    expect(run(99, JSON.stringify(resultOf('fail', 'threshold'))).status).toBe(99);
    expect(run(0).status).toBe(0);
  });

  it('is not excused by the document of an older run', () => {
    leave('old', LIMITED);
    expect(run(98).status).toBe(98);
  });

  it('keeps the exit where there is no document', () => {
    expect(run(2).status).toBe(2);
  });
});
