import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { freePort } from '../../../../tools/free-port.ts';

/** Real receivers on loopback with data in a temporary folder, until {@link close}. */
export class Receivers {
  readonly folder = mkdtempSync(join(tmpdir(), 'receivers-'));
  readonly #children: ChildProcess[] = [];

  /** @param jobs address to scrape by the name of the job. Resolves with the URL */
  async prometheus(program: string, jobs: Readonly<Record<string, string>>): Promise<string> {
    const port = await freePort();
    const targets = Object.entries(jobs).map(
      ([job, host]) => `  - { job_name: ${job}, static_configs: [{ targets: ['${host}'] }] }\n`,
    );
    writeFileSync(
      join(this.folder, 'prometheus.yml'),
      `global: { scrape_interval: 1s }\nscrape_configs:\n${targets.join('')}`,
    );
    const url = `http://127.0.0.1:${port}`;
    await this.#start(
      program,
      [
        '--config.file=prometheus.yml',
        '--storage.tsdb.path=tsdb',
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--enable-feature=native-histograms',
      ],
      `${url}/-/ready`,
    );
    return url;
  }

  /** @param authenticate whether it asks for credentials. Resolves with the URL */
  async influxdb(program: string, { authenticate = false } = {}): Promise<string> {
    const [http, rpc] = [await freePort(), await freePort()];
    const place = (name: string): string => join(this.folder, `influxdb-${http}`, name);
    const config = join(this.folder, `influxdb-${http}.conf`);
    writeFileSync(
      config,
      [
        'reporting-disabled = true',
        `bind-address = "127.0.0.1:${rpc}"`,
        `[meta]\ndir = "${place('meta')}"`,
        `[data]\ndir = "${place('data')}"\nwal-dir = "${place('wal')}"`,
        `[http]\nbind-address = "127.0.0.1:${http}"\nlog-enabled = false\nauth-enabled = ${authenticate}`,
        '',
      ].join('\n'),
    );
    const url = `http://127.0.0.1:${http}`;
    await this.#start(program, ['-config', config], `${url}/ping`);
    return url;
  }

  /** What it was sent can be read at once. Resolves with the URL */
  async victoriaMetrics(program: string): Promise<string> {
    const url = `http://127.0.0.1:${await freePort()}`;
    await this.#start(
      program,
      [`-httpListenAddr=${new URL(url).host}`, '-storageDataPath=victoria', '-search.latencyOffset=0s'],
      `${url}/health`,
    );
    return url;
  }

  /** @param file gets a line of JSON for each request that it takes. Resolves with the URL */
  async otlp(program: string, file: string): Promise<string> {
    const url = `http://127.0.0.1:${await freePort()}`;
    // A GET is answered with 405.
    await this.#start(program, [`-endpoint=${new URL(url).host}`], `${url}/v1/metrics`, {
      out: file,
      status: [405],
    });
    return url;
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @param out file of its standard output. @param status of `ready` */
  async #start(
    program: string,
    args: readonly string[],
    ready: string,
    { out = '/dev/null', status = [200, 204] } = {},
  ): Promise<void> {
    const file = openSync(out, 'w');
    this.#children.push(spawn(program, args, { cwd: this.folder, stdio: ['ignore', file, 'ignore'] }));
    closeSync(file);
    const answered = async () => (await fetch(ready).catch(() => undefined))?.status ?? 0;
    await vi.waitUntil(async () => status.includes(await answered()), {
      timeout: 30_000,
      interval: 100,
    });
  }
}
