import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '@jarvis-load/engine';
import { afterAll, expect, it } from 'vitest';
import { driveK6 } from '../src/k6/drive-k6.ts';
import type { K6Request } from '../src/k6/k6-request.ts';
import { Interruption } from '../src/run/interruption.ts';

const cwd = mkdtempSync(join(tmpdir(), 'jarvis-drive-k6-'));
afterAll(() => rmSync(cwd, { recursive: true }));

it.skipIf(process.platform === 'win32')(
  'ends k6 where its samples cannot be read, and leaves no token',
  async () => {
    const program = join(cwd, 'k6');
    const [samplesFile, summaryFile] = [join(cwd, 'samples.json'), join(cwd, 'summary.json')];
    const summary = '{"setup_data":{"token":"secret"},"metrics":{}}';
    writeFileSync(
      program,
      `#!/bin/sh\necho '${summary}' > '${summaryFile}'\nmkdir '${samplesFile}'\nexec sleep 300\n`,
      { mode: 0o755 },
    );
    const started: number[] = [];
    const request = {
      test: { script: 'script.js' },
      settings: { quiet: true },
      arguments: [],
      k6: { path: program },
      progress: { warn: () => undefined },
      context: {
        cwd,
        environment: { PATH: process.env['PATH'] },
        interruption: new Interruption(new EventEmitter(), () => undefined),
        guardChild: (pid: number) => {
          started.push(pid);
          return () => undefined;
        },
      },
    } as unknown as K6Request;
    const options = {
      samplesFile,
      summaryFile,
      variables: {},
      redactor: new Redactor(),
    };
    const scenario = { name: 'chat', operations: [] } as unknown as Parameters<typeof driveK6>[1];
    await expect(driveK6(request, scenario, options)).rejects.toThrow('EISDIR');
    expect(() => process.kill(started[0]!, 0)).toThrow('ESRCH');
    expect(JSON.parse(readFileSync(summaryFile, 'utf8'))).toEqual({ metrics: {} });
  },
);
