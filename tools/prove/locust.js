// @ts-check
import { spawnMock } from '@jarvis-load/mock-jarvis';
import { mergeRuns } from '../../apps/cli/dist/merging/merge-runs.js';
import { findPeer } from '../peers/find-peer.js';
import { addCounts, countsOfDocuments, LocustCluster, sumOf } from './locust-cluster.js';

/**
 * One run, as the log keeps it: requests by the master, in the workers' documents, in the document that `merge` makes of their
 * records (of a killed process, too), cut off at the end, and as the mock counted them; rows that differ between master, documents
 * and merged document. `unreported`: arrived from a process that was killed, and not shown by the master; `unmerged`: nor in the
 * merged document.
 *
 * @typedef {{ key: string, master: number, documents: number, merged: number, interrupted: number, mock: number, unreported: number, unmerged: number, rows: number, said: string }} LocustRun
 *
 * @typedef {{ readonly text: string, readonly workers: number, readonly flags?: readonly string[], readonly master?: readonly string[], readonly kills?: boolean,
 *   readonly steps: (cluster: LocustCluster, programs: import('./locust-cluster.js').Program[]) => Promise<string> }} Case
 */

/** What 20 users of a killed process do between two of its reports, 3 s apart: each at most 3 requests/s. */
const MOST_UNREPORTED = 3 * 3 * 20;

const pause = (/** @type {number} */ ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** @param {LocustCluster} cluster @param {number} users @param {number} perSecond */
async function ramp(cluster, users, perSecond) {
  await cluster.swarm(users, perSecond);
  await cluster.until(`${users} users`, async () => (await cluster.state())?.user_count === users);
}

/** Ramp to 60 users in steps, edited twice, then stopped. @param {LocustCluster} cluster */
async function wholeRun(cluster) {
  await ramp(cluster, 60, 20);
  await pause(3000);
  await ramp(cluster, 20, 20);
  await ramp(cluster, 40, 10);
  await pause(2000);
  const documents = cluster.documents().length;
  const workers = await cluster.workerCount();
  await cluster.stop();
  await cluster.until('the documents', () => cluster.documents().length === documents + workers);
  return '';
}

/** @type {Readonly<Record<string, Case>>} */
const CASES = {
  'one worker': { text: 'ramp to 60 in steps, 20, 40, stop', workers: 1, steps: wholeRun },
  'two workers': { text: 'the same', workers: 2, steps: wholeRun },
  'three workers': { text: 'the same', workers: 3, steps: wholeRun },
  'two threads': {
    text: 'the same; each worker with `--threads=2`',
    workers: 2,
    flags: ['--threads=2'],
    steps: wholeRun,
  },
  reset: {
    text: 'Reset of the page during a run; the numbers that the master showed before it are added',
    workers: 2,
    async steps(cluster, programs) {
      await ramp(cluster, 20, 20);
      await pause(4000);
      const before = sumOf(await cluster.reset(programs.slice(0, 2)));
      await pause(4000);
      await cluster.stop();
      await cluster.until('two documents', () => cluster.documents().length === 2);
      return `${before} before it`;
    },
  },
  'start again': {
    text: 'the same twice in the same processes; numbers of the second run',
    workers: 2,
    async steps(cluster) {
      await wholeRun(cluster);
      await cluster.until('both again', async () => (await cluster.workerCount()) === 2);
      return wholeRun(cluster);
    },
  },
  frozen: {
    text: 'one of two workers is stopped by SIGSTOP for 6 s, then heals',
    workers: 2,
    async steps(cluster, [first]) {
      await ramp(cluster, 20, 20);
      first?.child.kill('SIGSTOP');
      await cluster.until('a missing worker', async () => (await cluster.workerCount()) === 1);
      await pause(2000);
      first?.child.kill('SIGCONT');
      await cluster.until('both again', async () => {
        const state = await cluster.state();
        return state?.worker_count === 2 && state.user_count === 20;
      });
      await pause(3000);
      await cluster.stop();
      await cluster.until('two documents', () => cluster.documents().length === 2);
      return 'missing, then healed';
    },
  },
  'headless end': {
    text: '`--headless --run-time=8s`: the master says quit',
    workers: 2,
    master: [
      '--headless',
      '--users=30',
      '--spawn-rate=10',
      '--run-time=8s',
      '--expect-workers=2',
      '--csv=out',
      '--only-summary',
    ],
    async steps(cluster, programs) {
      const codes = await Promise.all(programs.map(({ ended }) => ended));
      return `exit codes ${codes.join(', ')}`;
    },
  },
  'autostart end': {
    text: '`--autostart --autoquit=3 --run-time=8s`: the master says stop, waits for its workers, and quits 3 s later',
    workers: 2,
    master: [
      '--autostart',
      '--autoquit=3',
      '--users=30',
      '--spawn-rate=10',
      '--run-time=8s',
      '--expect-workers=2',
      '--csv=out',
      '--only-summary',
    ],
    async steps(cluster, programs) {
      const codes = await Promise.all(programs.map(({ ended }) => ended));
      return `exit codes ${codes.join(', ')}`;
    },
  },
  'killed worker': {
    text: 'one of two workers is killed; its users move to the other',
    workers: 2,
    kills: true,
    async steps(cluster, [first]) {
      await ramp(cluster, 20, 20);
      await pause(4000);
      first?.child.kill('SIGKILL');
      await cluster.until('one worker', async () => (await cluster.workerCount()) === 1);
      // Without --enable-rebalancing Locust gives its users to others at the next change, or after a minute.
      await ramp(cluster, 21, 20);
      await cluster.stop();
      await cluster.until('a document', () => cluster.documents().length === 1);
      return 'all 21 users on the other at the end';
    },
  },
  'master back': {
    text: 'the master is killed during a run and started again; numbers of the run under the second',
    workers: 2,
    async steps(cluster, [, , master]) {
      await ramp(cluster, 20, 20);
      master?.child.kill('SIGKILL');
      await cluster.until('two documents', () => cluster.documents().length === 2);
      await cluster.startMaster();
      await cluster.until('both again', async () => (await cluster.workerCount()) === 2);
      return wholeRun(cluster);
    },
  },
  'beside Python': {
    text: 'one of ours and one in Python; half of the users each',
    workers: 1,
    async steps(cluster) {
      cluster.startPythonWorker(['-f', 'locustfile.py']);
      await cluster.until('both', async () => (await cluster.workerCount()) === 2);
      await ramp(cluster, 20, 20);
      const shares = (await cluster.state())?.workers.map(({ user_count }) => user_count) ?? [];
      await pause(4000);
      await cluster.stop();
      await cluster.until('a document', () => cluster.documents().length === 1);
      return `users ${shares.join(' and ')}`;
    },
  },
};

/** @type {import('./proofs.js').Proof<LocustRun>} */
export const locustProof = {
  name: 'locust',
  description:
    'whether a real Locust master, the documents of its workers and the mock count the same requests',
  title: 'Workers of a Locust master',
  document: 'docs/reference/locust.md',
  options: { case: { values: Object.keys(CASES), description: 'only this one' } },

  cases: (options) =>
    Object.keys(CASES)
      .filter((key) => (options['case'] ?? key) === key)
      .map((key) => ({ key })),
  keyOf: ({ key }) => key,
  counts: () => true,

  async run({ key }) {
    const each = CASES[key];
    const locust = findPeer('locust');
    if (each === undefined || locust === undefined)
      throw new Error('there is no Locust; run npm run setup:peers -- locust');
    const mock = await spawnMock({});
    const cluster = new LocustCluster(locust.path, mock.url);
    try {
      await cluster.writeLocustfile();
      const starting = cluster.startMaster(each.master);
      await cluster.until('a port', () => cluster.port !== 0);
      const workers = Array.from({ length: each.workers }, (_, place) =>
        cluster.startWorker(place + 1, each.flags),
      );
      const master = await starting;
      const endsByItself = each.master !== undefined;
      if (!endsByItself)
        await cluster.until('workers', async () => (await cluster.workerCount()) === each.workers);
      const said = await each.steps(cluster, [...workers, master]);
      const shown = endsByItself ? cluster.writtenCounts() : await cluster.masterCounts();
      const counts = addCounts(shown, cluster.forgotten);
      // Runs before the last start are not in what the master shows.
      const latest = cluster
        .documents()
        .toSorted((a, b) => (a.run.id < b.run.id ? 1 : -1))
        .slice(0, key === 'killed worker' ? 1 : each.workers);
      const ofDocuments = countsOfDocuments(latest);
      const kills = each.kills === true;
      const merged = await mergeRuns(
        cluster.folders(kills ? undefined : new Set(latest.map(({ run }) => run.id))),
        { allowMissing: false, strict: false },
        cluster.folder,
      );
      const ofMerged = countsOfDocuments([merged]);
      const names = new Set([counts, ofDocuments, ofMerged].flatMap((rows) => Object.keys(rows)));
      const differs = (/** @type {string} */ name) =>
        [ofDocuments, ofMerged].some((rows) => JSON.stringify(rows[name]) !== JSON.stringify(counts[name]));
      return {
        key,
        master: sumOf(counts),
        documents: sumOf(ofDocuments),
        merged: sumOf(ofMerged),
        interrupted: latest.reduce((sum, { totals }) => sum + totals.interrupted, 0),
        mock: await cluster.arrived(new Set(latest.map(({ run }) => run.id))),
        unreported: kills ? (await cluster.arrived()) - sumOf(counts) : 0,
        unmerged: kills ? (await cluster.arrived()) - sumOf(ofMerged) - merged.totals.interrupted : 0,
        rows: [...names].filter((name) => differs(name)).length,
        said,
      };
    } finally {
      await cluster.close();
      await mock.close();
    }
  },

  columns: [
    'case',
    'what happens',
    'runs',
    'requests shown by the master',
    'in the documents',
    'merged',
    'cut off at the end',
    'arrived at the mock',
    'rows that differ',
    'lost with a process: of the master, of the merged document',
    'seen',
    'holds',
  ],

  row({ key }, runs) {
    const sum = (/** @type {(run: LocustRun) => number} */ of) =>
      runs.reduce((total, run) => total + of(run), 0);
    const kills = CASES[key]?.kills === true;
    const holds =
      runs.length === 0
        ? undefined
        : runs.every(
            ({ master, documents, merged, interrupted, mock, rows, unreported, unmerged }) =>
              documents + interrupted === mock &&
              (kills
                ? master >= documents &&
                  merged >= master &&
                  unreported >= unmerged &&
                  unmerged >= 0 &&
                  unreported <= MOST_UNREPORTED
                : rows === 0 && master === documents),
          );
    return {
      holds,
      cells: [
        key,
        CASES[key]?.text ?? '',
        String(runs.length),
        String(sum(({ master }) => master)),
        String(sum(({ documents }) => documents)),
        String(sum(({ merged }) => merged)),
        String(sum(({ interrupted }) => interrupted)),
        String(sum(({ mock }) => mock)),
        kills ? '' : String(sum(({ rows }) => rows)),
        `${sum(({ unreported }) => unreported)}, ${sum(({ unmerged }) => unmerged)}`,
        [...new Set(runs.map(({ said }) => said))].join('; '),
        holds === undefined ? '' : holds ? 'yes' : 'no',
      ],
    };
  },
};
