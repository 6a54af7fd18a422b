/**
 * Measures time and memory of reading a large k6 output. A short real run is repeated with shifted times until the file
 * has the requested size; a separate process reads it.
 *
 *   node packages/k6-scenarios/bench/ingest.js [megabytes, default 1000]
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnMock } from '@jarvis-load/mock-jarvis';
import { bundleOf, findK6, k6TestByName, runK6, settingsForK6 } from '@jarvis-load/k6-scenarios';
import { readK6 } from '@jarvis-load/reporter/ingest';

const [, self = '', first = '1000', second] = process.argv;

if (first === '--read' && second !== undefined) {
  const began = performance.now();
  const reading = await readK6([{ fileName: second, chunks: createReadStream(second) }]);
  const result = reading.result();
  const took = (performance.now() - began) / 1000;
  process.stdout.write(
    `${result.totals.requests} requests in ${(result.run.durationMs / 3_600_000).toFixed(1)} h of load read in ${took.toFixed(1)} s, ` +
      `at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB of memory, a document of ${Math.round(JSON.stringify(result).length / 1024)} KB\n`,
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), 'k6-ingest-'));
  try {
    const file = join(folder, 'large.json');
    await grow(await sampleRun(folder), file, Number(first) * 1e6);
    spawnSync(process.execPath, [self, '--read', file], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Promise<string>} the output of ten seconds of chat
 */
async function sampleRun(folder) {
  const mock = await spawnMock({ preset: 'typical' });
  try {
    const samplesFile = join(folder, 'sample.json');
    const running = await runK6({
      k6: findK6([fileURLToPath(new URL('.', import.meta.url))], process.env).path,
      script: bundleOf(k6TestByName('chat')),
      samplesFile,
      summaryFile: join(folder, 'summary.json'),
      arguments: ['--address', 'localhost:0'],
      environment: { PATH: process.env['PATH'] },
      settings: settingsForK6({
        baseUrl: mock.url,
        pins: [],
        certificate: undefined,
        credentials: { accounts: [{ username: 'admin', password: 'admin123' }] },
        identity: 'shared',
        executor: { kind: 'constant-vus', vus: 30, duration: '7s' },
        seed: 1,
        runId: 'ingest',
        settings: {},
        headers: {},
        userAgent: 'jarvis-load-bench',
        requestTimeoutMs: undefined,
      }),
      cwd: folder,
      display: 'ignore',
      onLog: () => undefined,
    });
    await running.exited;
    return readFileSync(samplesFile, 'utf8');
  } finally {
    await mock.close();
  }
}

/**
 * @param {string} sample
 * @param {string} file
 * @param {number} bytes
 */
async function grow(sample, file, bytes) {
  const lines = sample.trim().split('\n');
  const points = lines.flatMap((line) => {
    const time = /"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d*Z)"/.exec(line);
    if (time === null || line.includes('::setup') || line.includes('::teardown')) return [];
    const at = time.index + '"time":"'.length;
    return [
      {
        head: line.slice(0, at),
        atMs: Date.parse(`${time[1]}Z`),
        tail: `${time[2]}${line.slice(at + `${time[1]}${time[2]}`.length)}\n`,
      },
    ];
  });
  const times = points.map(({ atMs }) => atMs);
  const lengthMs = Math.max(...times) - Math.min(...times) + 1000;
  const out = createWriteStream(file);
  out.write(`${lines.filter((line) => line.startsWith('{"type":"Metric"')).join('\n')}\n`);
  for (let written = 0, round = 0; written < bytes; round++) {
    let chunk = '';
    for (const { head, atMs, tail } of points) {
      chunk += head + new Date(atMs + round * lengthMs).toISOString().slice(0, -1) + tail;
    }
    written += chunk.length;
    if (!out.write(chunk)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
