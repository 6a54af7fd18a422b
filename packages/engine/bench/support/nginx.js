import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireProgram } from './programs.js';

/** Response to a chat request: 300 bytes. */
const ANSWER = JSON.stringify({
  message: { role: 'assistant', content: 'An answer of constant length. '.repeat(5) },
  conversation_id: '0a6f1e52-9a5e-4a33-8a0c-5f4b7f3a2f11',
  latency_ms: 42,
}).padEnd(300);

/**
 * nginx as a target that costs far less than any generator: one worker, a constant response on every path. A target on
 * Node would be slower than the generators. It counts its requests itself.
 */
export class Nginx {
  #child;
  #folder;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} folder
   * @param {number} port
   */
  constructor(child, folder, port) {
    this.#child = child;
    this.#folder = folder;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** @param {{ cpu?: number }} [options] cpu: the core it is pinned to */
  static async start({ cpu } = {}) {
    const program = requireProgram('nginx');
    const folder = await mkdtemp(join(tmpdir(), 'jarvis-load-nginx-'));
    const port = await freePort();
    await writeFile(join(folder, 'nginx.conf'), configuration(folder, port));
    const nginx = [program, '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    const [command = program, ...words] =
      cpu === undefined ? nginx : ['taskset', '-c', String(cpu), ...nginx];
    const child = spawn(command, words, { stdio: 'ignore' });
    const server = new Nginx(child, folder, port);
    await server.#ready();
    return server;
  }

  /** Requests answered so far, including this one. */
  async requests() {
    const text = await (await fetch(`${this.origin}/status`)).text();
    const [, , , requests] = /(\d+) (\d+) (\d+)/.exec(text) ?? [];
    return Number(requests);
  }

  async close() {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #ready() {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (this.#child.exitCode !== null) throw new Error('nginx did not start');
      try {
        await this.requests();
        return;
      } catch {
        await sleep(20);
      }
    }
    throw new Error('nginx does not answer');
  }
}

/**
 * @param {string} folder
 * @param {number} port
 */
function configuration(folder, port) {
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
worker_rlimit_nofile 20000;
events { worker_connections 19900; multi_accept on; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    default_type application/json;
    location = /status { stub_status; }
    location / { return 200 '${ANSWER}'; }
  }
}
`;
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
