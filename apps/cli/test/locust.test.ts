import { spawnMock, type SpawnedMock } from '@jarvis-load/mock-jarvis';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import {
  addCounts,
  countsOfDocuments,
  LocustCluster,
  p95OfCsv,
  rowName,
  sumOf,
} from '../../../tools/prove/locust-cluster.js';
import { mergeRuns } from '../src/merging/merge-runs.ts';

const locust = requirePeer('locust');
const chromiumPath = requirePeer('chromium');

/** What the master's page shows a person: names of operations, classes with their share, workers with their users. */
async function readPage(url: string): Promise<{ statistics: string; ratio: string; workers: string }> {
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const tab = async (name: RegExp, has: string): Promise<string> => {
      await page.getByRole('tab', { name }).click();
      await page.getByText(has).first().waitFor();
      return page.locator('body').innerText();
    };
    return {
      statistics: await tab(/statistics/i, 'Aggregated'),
      ratio: await tab(/ratio/i, 'ChatUser'),
      workers: await tab(/workers/i, 'running'),
    };
  } finally {
    await browser.close();
  }
}

describe.skipIf(locust === undefined)('two workers of a real Locust master', () => {
  let mock: SpawnedMock;
  let cluster: LocustCluster;
  /** Of the runs that are not among these, which it then adds to them; the mock has received the same requests. */
  const countsSince = async (runs: Set<string>) => {
    const documents = cluster.documents().filter(({ run }) => !runs.has(run.id));
    const counts = countsOfDocuments(documents);
    const interrupted = documents.reduce((sum, { totals }) => sum + totals.interrupted, 0);
    const ids = new Set(documents.map(({ run }) => run.id));
    expect(sumOf(counts) + interrupted).toBe(await cluster.arrived(ids));
    for (const id of ids) runs.add(id);
    return counts;
  };
  const merge = (...folders: string[]) =>
    mergeRuns(folders, { allowMissing: false, strict: false }, cluster.folder);

  beforeAll(async () => {
    mock = await spawnMock({});
    cluster = new LocustCluster(locust!, mock.url);
  }, 120_000);

  afterAll(async () => {
    await cluster.close();
    await mock.close();
  });

  it(
    'follow it through ramp, edit, stop, further runs, reset, and the end of a run without a page; it shows what they measured, to the request',
    { timeout: 300_000 },
    async () => {
      await cluster.writeLocustfile();
      // Workers wait for a master that is not there yet.
      const starting = cluster.startMaster();
      await cluster.until('a port of the master', () => cluster.port !== 0);
      const workers = [cluster.startWorker(1), cluster.startWorker(2, ['--threads=2'])];
      const master = await starting;
      const state = async () => (await cluster.state())!;
      await cluster.until('two workers', async () => (await cluster.workerCount()) === 2);

      // Its users in steps, divided over both workers and over the classes of the file.
      await cluster.swarm(6, 3);
      await cluster.until('six users', async () => (await state()).user_count === 6);
      expect((await state()).workers.map(({ user_count }) => user_count)).toEqual([3, 3]);
      await cluster.swarm(11, 11);
      await cluster.until('eleven users', async () => (await state()).user_count === 11);
      const { per_class } = JSON.parse(await cluster.web('/tasks')) as { per_class: Record<string, object> };
      expect(Object.keys(per_class).toSorted()).toEqual(['ChatUser', 'Memory']);
      await cluster.until('requests', async () => sumOf(await cluster.masterCounts()) > 30);

      if (chromiumPath !== undefined) {
        const { statistics, ratio, workers: listed } = await readPage(`http://127.0.0.1:${cluster.webPort}`);
        for (const name of ['chat.send', 'memory.store', 'memory.search (memory)'])
          expect(statistics).toContain(name);
        for (const name of ['ChatUser', 'Memory']) expect(ratio).toMatch(new RegExp(`[\\d.]+% ${name}`));
        expect(listed.match(/running/g), listed).toHaveLength(2);
      }

      await cluster.stop();
      await cluster.until('two documents', () => cluster.documents().length === 2);
      const first = cluster.documents();
      const runs = new Set<string>();
      expect(first.map(({ run }) => run.end)).toEqual(
        Array.from({ length: 2 }, () => ({ kind: 'stopped', reason: 'the Locust master said stop' })),
      );
      const shown = await cluster.masterCounts();
      expect(shown).toEqual(await countsSince(runs));

      // Their records make one document, which has what the master shows.
      const merged = await merge('results-1', 'results-2');
      expect(countsOfDocuments([merged])).toEqual(shown);
      expect(merged.totals.interrupted).toBe(first.reduce((sum, { totals }) => sum + totals.interrupted, 0));
      expect(merged.run.end.kind).toBe('stopped');
      expect(merged.notes.map(({ code }) => code)).toContain('workers-unknown');
      expect(merged.extensions?.['parts']).toMatchObject(
        Array.from({ length: 2 }, () => ({ targetClockAheadMs: { least: expect.any(Number) as number } })),
      );
      const ofMaster = p95OfCsv(await cluster.csv());
      const p95s = merged.operations
        .map((each) => [each.responseTime.percentiles.p95, ofMaster[rowName(each)]] as const)
        .filter(([, theirs]) => theirs !== undefined);
      expect(p95s.length).toBeGreaterThan(0);
      // The master's buckets have two digits.
      for (const [ours, theirs] of p95s)
        expect(Math.abs(ours! - theirs!)).toBeLessThanOrEqual(Math.max(1, 0.06 * ours!));

      // Again, in the same processes; the master forgets what it had at a reset, the documents do not.
      await cluster.until('two workers again', async () => (await cluster.workerCount()) === 2);
      await cluster.swarm(8, 8);
      const requests = async () => sumOf(await cluster.masterCounts());
      await cluster.until('requests of the second run', async () => (await requests()) > 0);
      const forgotten = await cluster.reset(workers);
      expect(sumOf(forgotten)).toBeGreaterThan(0);
      await cluster.until('requests after the reset', async () => (await requests()) > 0);
      await cluster.stop();
      await cluster.until('four documents', () => cluster.documents().length === 4);
      const second = await countsSince(runs);
      expect(addCounts(await cluster.masterCounts(), forgotten)).toEqual(second);

      // Started again before they have ended the test that is stopped: the master shows the new one alone.
      await cluster.until('two workers once more', async () => (await cluster.workerCount()) === 2);
      await cluster.swarm(8, 8);
      await cluster.until('requests of the third run', async () => (await requests()) > 0);
      await cluster.startAgain(workers, 6);
      await cluster.until('six documents', () => cluster.documents().length === 6);
      expect(sumOf(await countsSince(runs))).toBeGreaterThan(0);
      await cluster.until('requests of the fourth run', async () => (await requests()) > 0);
      // A worker that is told to stop before it has begun makes no document.
      await cluster.until('users of both', async () =>
        (await state()).workers.every(({ user_count }) => user_count > 0),
      );
      await cluster.stop();
      await cluster.until('eight documents', () => cluster.documents().length === 8);
      expect(await cluster.masterCounts()).toEqual(await countsSince(runs));

      // One leaves by a signal; the master shows that it is gone.
      workers[0]!.child.kill('SIGTERM');
      expect(await workers[0]!.ended).toBe(143);
      await cluster.until('one worker', async () => (await cluster.workerCount()) === 1);

      // The other joins the next master, which has no page, ends by --run-time and says quit.
      master.child.kill('SIGKILL');
      await master.ended;
      const headless = ['--headless', '--users=6', '--spawn-rate=6', '--run-time=4s', '--expect-workers=1'];
      const last = await cluster.startMaster([...headless, '--csv=out', '--only-summary']);
      // Its worker comes to its last report after the half second that a master takes it for: it waits.
      await cluster.until('the end', () => last.text().includes('--run-time limit reached'));
      workers[1]!.child.kill('SIGSTOP');
      await new Promise((resolve) => void setTimeout(resolve, 1500));
      workers[1]!.child.kill('SIGCONT');
      expect(await last.ended, cluster.said()).toBe(0);
      expect(await workers[1]!.ended).toBe(0);
      const third = await countsSince(runs);
      expect(sumOf(third)).toBeGreaterThan(0);
      expect(cluster.writtenCounts()).toEqual(third);
    },
  );
});
