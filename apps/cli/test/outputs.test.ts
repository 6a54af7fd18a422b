import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnMock } from '@jarvis-load/mock-jarvis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../tools/free-port.ts';
import { Workspace } from './support/cli.ts';

let workspace: Workspace;
const servers: Server[] = [];
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  workspace.remove();
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Linux has a file that is always full. */
const FULL = existsSync('/dev/full');
const RUN = ['load', '--scenario=memory', '--iterations=20', '--users=20', '--objectives=none', '--quiet'];

describe('--out', () => {
  it('writes files whose lines add up to the document, from the config file and the environment too', async () => {
    writeFileSync(
      join(workspace.directory, 'jarvis-load.config.json'),
      JSON.stringify({ out: ['csv=run.csv', 'ndjson=run.ndjson'] }),
    );
    const { code, out } = await workspace.run([...RUN, '--target=mock']);
    expect([0, 98, 99]).toContain(code);
    expect(out).toMatch(/REPORTS[^]* run\.csv\n[^]*run\.ndjson\n/);
    const { totals, notes } = workspace.result();
    expect(notes.map((note) => note.code)).not.toContain('output-failed');
    const [header = '', ...lines] = workspace.file('run.csv').trimEnd().split('\r\n');
    const column = header.split(',').indexOf('requests');
    expect(lines.reduce((sum, line) => sum + Number(line.split(',')[column]), 0)).toBe(totals.requests);
    const last = JSON.parse(workspace.file('run.ndjson').trimEnd().split('\n').at(-1)!) as { type: string };
    expect(last.type).toBe('end');
    await workspace.emptied();
  });

  it('to receivers that are down, slow, frozen or refuse, or to a full disk, costs the load nothing, and the loss is counted', async () => {
    const broken = await listen((request, response) =>
      request.resume().on('end', () => response.writeHead(500).end()),
    );
    const refusing = await listen((request, response) =>
      request.resume().on('end', () => response.writeHead(401).end('no\u0007 entry')),
    );
    const frozen = await listen((request) => request.resume());
    const slow = await listen((request, response) =>
      request.resume().on('end', () => setTimeout(() => response.writeHead(204).end(), 700)),
    );
    const moved = await listen((request, response) =>
      request.resume().on('end', () => response.writeHead(307, { location: `${slow}/x` }).end()),
    );
    const mock = await spawnMock({ preset: 'typical', settings: ['seed=7'] });
    try {
      const { code, err } = await workspace.run([
        ...RUN,
        `--target=${mock.url}`,
        '--out=prometheus-rw=http://127.0.0.1:9/write',
        `--out=prometheus-rw=${broken}/write`,
        `--out=influxdb=${refusing}/k6`,
        `--out=influxdb=${frozen}/k6`,
        `--out=otlp=${slow}`,
        `--out=otlp=${moved}`,
        ...(FULL ? ['--out=csv=/dev/full'] : []),
      ]);
      expect([0, 98, 99]).toContain(code);
      const result = workspace.result();
      const { rows } = await mock.counters();
      const seen = rows.filter(({ runId, phase }) => runId === result.run.id && phase === 'run');
      const arrived = seen.flatMap(({ outcomes }) => Object.values(outcomes));
      expect(arrived.reduce((sum, count) => sum + count, 0)).toBe(result.totals.requests);
      expect(result.iterations).toMatchObject({ planned: 20, completed: 20 });
      const notes = result.notes.filter((note) => note.code === 'output-failed').map(({ text }) => text);
      expect(notes.toSorted()).toEqual([
        ...(FULL ? [expect.stringMatching(/^csv: ([\d,]+) of \1 lines lost, ENOSPC$/)] : []),
        expect.stringMatching(/^influxdb 2: .* points lost, no answer/),
        expect.stringMatching(/^influxdb: .* points lost, receiver answered 401 \(no entry\)$/),
        expect.stringMatching(/^otlp 2: .* points lost, receiver answered 307$/),
        expect.stringMatching(/^prometheus-rw 2: .* points lost, receiver answered 500$/),
        expect.stringMatching(/^prometheus-rw: ([\d,]+) of \1 points lost, ECONNREFUSED$/),
      ]);
      expect(err).toContain('warning: prometheus-rw: ECONNREFUSED; the run goes on');
    } finally {
      await mock.close();
    }
    await workspace.emptied();
  });

  it('waits for the last scrape until a signal comes; the reports are written all the same', async () => {
    const port = await freePort();
    const started = workspace.start([
      ...RUN.filter((word) => word !== '--quiet'),
      '--target=mock',
      `--out=prometheus=:${port}`,
    ]);
    await started.says(/the last values wait for a scrape/);
    started.child.kill('SIGINT');
    const { code, err } = await started.ended;
    expect(code, err).toBe(130);
    const { notes, totals } = workspace.result();
    expect(totals.requests).toBeGreaterThan(0);
    expect(notes.map(({ text }) => text)).toContain('prometheus: nobody scraped it');
  });

  it('with --out-required: a receiver that is down ends the run before its load, exit 2', async () => {
    const { code, err } = await workspace.run([
      ...RUN,
      '--target=mock',
      '--out=otlp=http://127.0.0.1:9',
      '--out-required',
    ]);
    expect(code, err).toBe(2);
    expect(err).toContain('output "otlp" is required and could not be used: start failed: ECONNREFUSED');
    await workspace.emptied();
  });

  it('with --out-required: a receiver that loses something makes it exit with 98', async () => {
    let requests = 0;
    const url = await listen((request, response) =>
      request.resume().on('end', () => response.writeHead(++requests === 1 ? 204 : 400).end()),
    );
    const { code } = await workspace.run([
      ...RUN,
      '--target=mock',
      `--out=prometheus-rw=${url}`,
      '--out-required',
    ]);
    expect(code).toBe(98);
  });

  it('sends credentials of the environment, and shows them nowhere', async () => {
    const headers: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      headers.push(request.headers.authorization);
      request.resume().on('end', () => response.writeHead(403).end('the token hunter2-token may not write'));
    });
    const { out, err } = await workspace.run([...RUN, '--target=mock', `--out=influxdb=${url}?bucket=b`], {
      JARVIS_LOAD_OUT_INFLUXDB_TOKEN: 'hunter2-token',
    });
    expect(new Set(headers)).toEqual(new Set(['Token hunter2-token']));
    const shown = out + err + JSON.stringify(workspace.result());
    expect(shown).not.toContain('hunter2-token');
    expect(shown).not.toContain('means nothing to jarvis-load');
    expect(shown).toContain('points lost, receiver answered 403');
  });

  it('sends the texts of the run as the document has them, without secrets', async () => {
    const bodies: string[] = [];
    const url = await listen((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString('latin1'));
        response.writeHead(204).end();
      });
    });
    const address = 'https://ci/x?token=hunter2&run=7';
    await workspace.run([
      ...RUN,
      '--target=mock',
      `--tag=ci=${address}`,
      `--tag=testid=${address}`,
      `--out=influxdb=${url}/k6`,
      `--out=otlp=${url}`,
      '--out=csv=run.csv',
      '--out=ndjson=run.ndjson',
    ]);
    const clean = 'https://ci/x?token=***&run=7';
    expect(workspace.result().run.tags['ci']).toBe(clean);
    const texts = [...bodies, workspace.file('run.csv'), workspace.file('run.ndjson')];
    expect(texts.filter((text) => text.includes('hunter2'))).toEqual([]);
    // All but the statement that creates the database; in line protocol the sign `=` is escaped.
    expect(texts.filter((text) => text.replaceAll('\\=', '=').includes(clean))).toHaveLength(
      texts.length - 1,
    );
  });

  it('to one file through a link is refused', async () => {
    mkdirSync(join(workspace.directory, 'real'));
    symlinkSync('real', join(workspace.directory, 'link'));
    const { code, err } = await workspace.run([
      ...RUN,
      '--target=mock',
      '--out=csv=real/a.csv',
      '--out=ndjson=link/a.csv',
    ]);
    expect(code, err).toBe(2);
    expect(err).toContain('csv=real/a.csv and ndjson=link/a.csv are the same place');
  });

  it.each([
    ['csv', '--out: csv: there is no place to write to'],
    ['json=run.json', '--out: there is no output "json"'],
    ['otlp=http://me:hunter2@127.0.0.1:4318', '--out: otlp: the URL holds credentials'],
    ['prometheus=0.0.0.0:9464', '--out-public'],
    ['csv=a.csv --out=ndjson=./a.csv', '--out: csv=a.csv and ndjson=./a.csv are the same place'],
    ['otlp=http://127.0.0.1:9 --out=otlp=http://127.0.0.1:9/', 'are the same place'],
    ['prometheus=:9464 --out=prometheus=127.0.0.1:9464', 'are the same place'],
    [
      'csv=a.csv --out-native-histograms',
      '--out-native-histograms has no effect without --out prometheus-rw',
    ],
    ['csv=a.csv --out-locust-names', 'no effect without --out prometheus or prometheus-rw'],
  ])('%s is refused before the target is contacted', async (value, message) => {
    const { code, err } = await workspace.run([...RUN, '--target=mock', ...`--out=${value}`.split(' ')]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('hunter2');
  });
});
