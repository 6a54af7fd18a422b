import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMock, type RunningMock } from '@jarvis-load/mock-jarvis';
import { requirePeer } from '../../../tools/peers.ts';
import { Workspace } from './support/cli.ts';

const k6 = requirePeer('k6');

describe.skipIf(k6 === undefined)('the guard of the k6 path, with the real k6', () => {
  const seen: string[] = [];
  let elsewhere: Server;
  let stolen: string;
  let workspace: Workspace;
  let mock: RunningMock;
  beforeAll(async () => {
    elsewhere = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end('{}');
    });
    await new Promise<void>((resolve) => void elsewhere.listen(0, '127.0.0.1', resolve));
    stolen = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    workspace = new Workspace();
    mock = await startMock({ preset: 'fast' });
  });
  afterAll(async () => {
    workspace.remove();
    elsewhere.close();
    await mock.close();
  });

  it.concurrent.each([
    [['-qe', 'JARVIS_LOAD_TARGET=$STOLEN']],
    [['-e', 'JARVIS_LOAD_TARGET=$STOLEN']],
    [['-qve=API_URL=$STOLEN']],
    [['--env', 'JARVIS_LOAD_K6_HOSTS={"localhost":"127.0.0.1"}']],
    [['-qc', 'hosts.json']],
    [['--config', 'hosts.json']],
    [['--', '--env=JARVIS_LOAD_TARGET=$STOLEN']],
    [['other.js']],
  ])('%j: exit 2, and nothing is sent', async (args) => {
    const given = args.map((argument) => argument.replace('$STOLEN', stolen));
    const run = await workspace.run(['k6', 'memory', `--target=${mock.url}`, '--', ...given]);
    expect(run.code, run.err).toBe(2);
    expect(run.err).toMatch(/^error: /);
  });

  it.concurrent.each([
    ['influxdb=http://me:hunter2@127.0.0.1:8086/k6', 'influxdb'],
    ['json=a.json, influxdb=http://me:hun,ter2@127.0.0.1:8086/k6', 'json'],
    ['csv=a.csv,kafka=brokers=127.0.0.1:9092,password=hunter2', 'csv'],
    ['json=a.json,influxdb=http://127.0.0.1:8086/k6?token=hunter2', 'influxdb'],
  ])('K6_OUT=%s: exit 2, since k6 gets it as an argument', async (out, kind) => {
    const run = await workspace.run(['k6', 'memory', `--target=${mock.url}`], { K6_OUT: out });
    expect(run.code, run.err).toBe(2);
    expect(run.err).toContain(`K6_OUT ${kind} of k6 holds credentials`);
    expect(run.err).not.toContain('ter2');
    if (kind === 'influxdb') expect(run.err).toContain('K6_INFLUXDB_USERNAME');
  });

  it.each([
    'http://me:hunter22@127.0.0.1:8086/db',
    'influxdb=http://me:hun,ter22@127.0.0.1/k6?token=x',
    'influxdb=http://me:x,hun=@h/k6?token=x',
  ])('K6_OUT=%s: the error shows no login', async (out) => {
    const run = await workspace.run(['k6', 'memory', `--target=${mock.url}`], { K6_OUT: out });
    expect(run.code).toBe(2);
    expect(run.err).toContain('of k6 holds credentials');
    expect(run.err).not.toMatch(/hun|ter22/);
  });

  it('reads no config file of the user and no variable that changes target, load or judgement', async () => {
    const { port: other } = elsewhere.address() as AddressInfo;
    const config = JSON.stringify({
      hosts: { [`localhost:${mock.port}`]: `127.0.0.1:${other}`, localhost: `127.0.0.1:${other}` },
      maxRedirects: 10,
      vus: 50,
      duration: '60s',
    });
    for (const folder of [join('home', '.config', 'k6'), join('xdg', 'k6')]) {
      mkdirSync(join(workspace.directory, folder), { recursive: true });
      writeFileSync(join(workspace.directory, folder, 'config.json'), config);
    }
    writeFileSync(join(workspace.directory, 'hosts.json'), config);
    const before = mock.counters();
    const run = await workspace.run(
      [
        'k6',
        'memory',
        `--target=http://localhost:${mock.port}`,
        '--quiet',
        '--',
        '--vus=1',
        '--iterations=1',
      ],
      {
        HOME: join(workspace.directory, 'home'),
        XDG_CONFIG_HOME: join(workspace.directory, 'xdg'),
        K6_CONFIG: join(workspace.directory, 'hosts.json'),
        K6_DNS: 'ttl=0',
        K6_ITERATIONS: '500',
        K6_INSECURE_SKIP_TLS_VERIFY: 'true',
        K6_OUT: `json=${join(workspace.directory, 'second.json')}`,
        K6_INFLUXDB_TAGS_AS_FIELDS: 'vu:int',
        HTTP_PROXY: stolen,
      },
    );
    // One iteration is too few samples for every objective.
    expect(run.code, run.err + run.out).toBe(98);
    expect(run.err).toMatch(
      /k6 does not get HTTP_PROXY, K6_CONFIG, K6_DNS, K6_INSECURE_SKIP_TLS_VERIFY, K6_ITERATIONS from/,
    );
    expect(mock.counters()).not.toEqual(before);
    // The output requested by K6_OUT is written in addition to ours.
    expect(workspace.file('second.json')).toContain('"type":"Point"');
    expect(workspace.result().iterations.completed).toBe(1);
    expect(seen).toEqual([]);
  });
});
