// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
/** For anything that only a broken program would not do. */
const PATIENCE_MS = 60_000;

/**
 * What a row of a report says: requests and failures by `method name`.
 * @typedef {Record<string, { requests: number, failures: number }>} Counts
 *
 * @typedef {{ run: { id: string, end: { kind: string, reason?: string } }, totals: { requests: number, interrupted: number },
 *   iterations: object, operations: readonly { scenario: string, operation: string, method: string, requests: number, failed: number, interrupted: number }[] }} Document
 *
 * @typedef {{ child: import('node:child_process').ChildProcess, text: () => string, ended: Promise<number | null> }} Program
 */

/** A real Locust master with workers of ours on this machine, in a folder of its own. */
export class LocustCluster {
  /** @type {Program[]} */
  #programs = [];
  #locust;
  #target;
  folder = mkdtempSync(join(tmpdir(), 'jarvis-locust-'));
  port = 0;
  webPort = 0;
  /** What the master showed before `reset`. @type {Counts} */
  forgotten = {};

  /**
   * @param {string} locust path of the program
   * @param {string} target URL of a mock, which all workers load
   */
  constructor(locust, target) {
    this.#locust = locust;
    this.#target = target;
  }

  /** Writes `locustfile.py` by `--print-locustfile`. */
  async writeLocustfile() {
    const printed = this.#start('locustfile', process.execPath, [
      PROGRAM,
      'worker',
      '--print-locustfile',
      ...this.#workerFlags(),
    ]);
    const code = await printed.ended;
    if (code !== 0) throw new Error(`--print-locustfile ended with ${code}:\n${printed.text()}`);
    const text = printed.text();
    writeFileSync(join(this.folder, 'locustfile.py'), text.slice(text.indexOf('"""')));
  }

  /**
   * @param {readonly string[]} flags such as `--headless`; without it the master has its page on `webPort`
   * @returns {Promise<Program>}
   */
  async startMaster(flags = []) {
    if (this.port === 0) [this.port, this.webPort] = [await freePort(), await freePort()];
    const headless = flags.includes('--headless');
    const place = ['--master-bind-host=127.0.0.1', `--master-bind-port=${this.port}`];
    const page = headless ? [] : ['--web-host=127.0.0.1', `--web-port=${this.webPort}`];
    const master = this.#start('master', this.#locust, [
      '-f',
      'locustfile.py',
      '--master',
      ...place,
      ...page,
      ...flags,
    ]);
    if (!headless) await this.until('the page of the master', async () => (await this.state()) !== undefined);
    return master;
  }

  /** @param {number} place 1, 2, ...: names its folder of results @param {readonly string[]} [flags] */
  startWorker(place, flags = []) {
    return this.#start(`worker-${place}`, process.execPath, [
      PROGRAM,
      'worker',
      `--master-port=${this.port}`,
      `--report-dir=results-${place}`,
      '--objectives=none',
      '--format=json',
      ...flags,
      ...this.#workerFlags(),
    ]);
  }

  /** @param {readonly string[]} flags */
  startPythonWorker(flags) {
    return this.#start('python', this.#locust, [
      '--worker',
      '--master-host=127.0.0.1',
      `--master-port=${this.port}`,
      ...flags,
    ]);
  }

  #workerFlags() {
    return [`--target=${this.#target}`, '--scenario=chat-user,memory'];
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} [form] posted
   */
  async web(path, form) {
    const post = form === undefined ? undefined : { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(`http://127.0.0.1:${this.webPort}${path}`, post);
    if (!response.ok)
      throw new Error(`${post?.method ?? 'GET'} ${path}: the master answered ${response.status}`);
    return response.text();
  }

  /** @param {number} users @param {number} perSecond */
  async swarm(users, perSecond) {
    const form = { user_count: String(users), spawn_rate: String(perSecond), host: '' };
    const answer = await this.web('/swarm', form);
    if (JSON.parse(answer).success !== true) throw new Error(`the master did not start the test: ${answer}`);
  }

  stop() {
    return this.web('/stop', {});
  }

  /**
   * The button Reset of the page. No report is on the way: the workers are stopped for that moment.
   * @param {readonly Program[]} workers @returns {Promise<Counts>} what the master forgot; also added to `forgotten`
   */
  async reset(workers) {
    for (const { child } of workers) child.kill('SIGSTOP');
    try {
      await this.until('stopped workers', () => workers.every(({ child }) => isStopped(child.pid)));
      let shown = '';
      await this.until('the reports on the way', async () => shown === (shown = await this.csv()));
      await this.web('/stats/reset', {});
      // Before the workers go on: their next report may come within milliseconds.
      const kept = sumOf(await this.masterCounts());
      if (kept !== 0) throw new Error(`the master shows ${kept} requests after its reset`);
      const counts = countsOfCsv(shown);
      this.forgotten = addCounts(this.forgotten, counts);
      return counts;
    } finally {
      for (const { child } of workers) child.kill('SIGCONT');
    }
  }

  /**
   * Stops the test and starts the next one at once, both before the workers know. The master waits for users of the first one
   * while it starts the second, hence for a minute: its answer to the stop is not waited for.
   * @param {readonly Program[]} workers @param {number} users
   */
  async startAgain(workers, users) {
    for (const { child } of workers) child.kill('SIGSTOP');
    try {
      await this.until('stopped workers', () => workers.every(({ child }) => isStopped(child.pid)));
      this.stop().catch(() => undefined);
      await this.workerCount(); // Its answer comes after the stop has begun.
      await this.swarm(users, users);
    } finally {
      for (const { child } of workers) child.kill('SIGCONT');
    }
  }

  /** Workers that are ready or have users, now: what `state` says of them is up to two seconds old. */
  async workerCount() {
    return Number(JSON.parse(await this.web('/worker-count')).worker_count);
  }

  /**
   * What the page shows; undefined: there is none. Locust answers with what it had up to two seconds ago, also across the
   * end of a run: wait here only for what was not true then. Numbers of requests: `masterCounts`.
   * @returns {Promise<{ state: string, user_count: number, total_rps: number, worker_count: number,
   *   workers: { id: string, state: string, user_count: number }[],
   *   stats: { name: string, num_requests: number }[], errors: object[] } | undefined>}
   */
  async state() {
    try {
      return JSON.parse(await this.web('/stats/requests'));
    } catch {
      return undefined;
    }
  }

  async masterCounts() {
    return countsOfCsv(await this.csv());
  }

  /** The master's CSV of requests, as its page downloads it. */
  csv() {
    return this.web('/stats/requests/csv');
  }

  /** The rows of the CSV that a master with `--csv=out` has written. */
  writtenCounts() {
    return countsOfCsv(readFileSync(join(this.folder, 'out_stats.csv'), 'utf8'));
  }

  /** The documents of all workers, of all runs. @returns {Document[]} */
  documents() {
    return this.folders().flatMap((folder) => {
      try {
        return [JSON.parse(readFileSync(join(this.folder, folder, 'result.json'), 'utf8'))];
      } catch {
        return []; // A run that is on.
      }
    });
  }

  /** Folders of runs, by their ids or all. @param {ReadonlySet<string>} [runs] */
  folders(runs) {
    return readdirSync(this.folder)
      .filter((name) => name.startsWith('results-'))
      .flatMap((name) =>
        readdirSync(join(this.folder, name), { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && runs?.has(entry.name) !== false)
          .map((entry) => join(name, entry.name)),
      );
  }

  /**
   * Requests of these runs that arrived at the mock.
   * @param {ReadonlySet<string>} [runs] all, if absent @returns {Promise<number>}
   */
  async arrived(runs) {
    const response = await fetch(`${this.#target}/__mock/counters`);
    const { rows } = /** @type {{ rows: { runId: string, phase: string, arrived: number }[] }} */ (
      await response.json()
    );
    return rows
      .filter(({ runId, phase }) => phase === 'run' && runs?.has(runId) !== false)
      .reduce((sum, { arrived }) => sum + arrived, 0);
  }

  /**
   * @param {string} what for the error
   * @param {() => unknown} holds asked every 50 ms
   */
  async until(what, holds) {
    for (const endMs = Date.now() + PATIENCE_MS; Date.now() < endMs;) {
      if (await holds()) return;
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
    throw new Error(`${what} did not come; the programs said:\n${this.said()}`);
  }

  /** The last lines of every program. */
  said() {
    return this.#programs.map(({ text }) => text().slice(-1500)).join('\n---\n');
  }

  /** Ends every program that it started. */
  async close() {
    for (const { child } of this.#programs) if (child.exitCode === null) child.kill('SIGKILL');
    await Promise.all(this.#programs.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * @param {string} name @param {string} program @param {readonly string[]} words
   * @returns {Program}
   */
  #start(name, program, words) {
    mkdirSync(this.folder, { recursive: true });
    const child = spawn(program, words, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = `${name}:\n`;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    const ended = once(child, 'close').then(([code]) => /** @type {number | null} */ (code));
    const started = { child, text: () => text, ended };
    this.#programs.push(started);
    return started;
  }
}

/**
 * Requests and failures of documents, by the names that the master has for them.
 * @param {readonly Document[]} documents
 * @returns {Counts}
 */
export function countsOfDocuments(documents) {
  /** @type {Counts} */
  const counts = {};
  for (const { operations } of documents) {
    for (const each of operations) {
      const { requests, failed } = each;
      if (requests === 0) continue;
      const row = (counts[rowName(each)] ??= { requests: 0, failures: 0 });
      row.requests += requests;
      row.failures += failed;
    }
  }
  return counts;
}

/**
 * The name that the master has for an operation: `method name`.
 * @param {{ scenario: string, operation: string, method: string }} operation
 */
export function rowName({ scenario, operation, method }) {
  // The only operation of both scenarios.
  return `${method} ${operation === 'memory.search' ? `${operation} (${scenario})` : operation}`;
}

/**
 * The 95th percentile of each row of a master's CSV that has as many requests as Locust and we take the same one of: its rank is
 * floor(0.95 n) + 1, ours ceil(0.95 n).
 * @param {string} csv @returns {Record<string, number>} by `method name`, milliseconds
 */
export function p95OfCsv(csv) {
  const [head = '', ...lines] = csv.trim().split('\n');
  const place = head.split(',').indexOf('95%');
  const rows = lines.map((line) => line.split(',')).filter(([, , count]) => (Number(count) * 19) % 20 !== 0);
  return Object.fromEntries(rows.map((cells) => [`${cells[0]} ${cells[1]}`, Number(cells[place])]));
}

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export function addCounts(a, b) {
  const counts = { ...a };
  for (const [name, { requests, failures }] of Object.entries(b)) {
    const before = counts[name] ?? { requests: 0, failures: 0 };
    counts[name] = { requests: before.requests + requests, failures: before.failures + failures };
  }
  return counts;
}

/** @param {Counts} counts */
export function sumOf(counts) {
  return Object.values(counts).reduce((sum, { requests }) => sum + requests, 0);
}

/** @param {number | undefined} pid */
function isStopped(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

/** @param {string} csv @returns {Counts} */
function countsOfCsv(csv) {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .filter(([, name]) => name !== 'Aggregated');
  return Object.fromEntries(
    rows.map(([method, name, requests, failures]) => [
      `${method} ${name}`,
      { requests: Number(requests), failures: Number(failures) },
    ]),
  );
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
