import { spawnMock, type SpawnedMock } from '@jarvis-load/mock-jarvis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { countsOfDocuments, LocustCluster, sumOf } from '../../../tools/prove/locust-cluster.js';

const locust = requirePeer('locust');

describe.skipIf(locust === undefined)('two workers of a real Locust master', () => {
  let mock: SpawnedMock;
  let cluster: LocustCluster;

  beforeAll(async () => {
    mock = await spawnMock({});
    cluster = new LocustCluster(locust!, mock.url);
  }, 120_000);

  afterAll(async () => {
    await cluster.close();
    await mock.close();
  });

  it(
    'follow it through ramp, edit, stop, a second run, reset and its end; it shows what they measured, to the request',
    { timeout: 300_000 },
    async () => {
      await cluster.writeLocustfile();
      // Workers wait for a master that is not there yet.
      const starting = cluster.startMaster();
      await cluster.until('a port of the master', () => cluster.port !== 0);
      const workers = [cluster.startWorker(1), cluster.startWorker(2)];
      await starting;
      const state = async () => (await cluster.state())!;
      await cluster.until('two workers', async () => (await state()).worker_count === 2);

      // Its users in steps, divided over both workers and over the classes of the file.
      await cluster.swarm(6, 3);
      await cluster.until('six users', async () => (await state()).user_count === 6);
      expect((await state()).workers.map(({ user_count }) => user_count)).toEqual([3, 3]);
      await cluster.swarm(11, 11);
      await cluster.until('eleven users', async () => (await state()).user_count === 11);
      const { per_class } = JSON.parse(await cluster.web('/tasks')) as { per_class: Record<string, object> };
      expect(Object.keys(per_class).toSorted()).toEqual(['ChatUser', 'Memory']);
      await cluster.until('requests', async () => (await state()).stats.at(-1)!.num_requests > 30);

      await cluster.stop();
      await cluster.until('two documents', () => cluster.documents().length === 2);
      const first = cluster.documents();
      const runs = new Set(first.map(({ run }) => run.id));
      expect(first.map(({ run }) => run.end)).toEqual(
        Array.from({ length: 2 }, () => ({ kind: 'stopped', reason: 'the Locust master said stop' })),
      );
      const shown = await cluster.masterCounts();
      expect(shown).toEqual(countsOfDocuments(first));
      const interrupted = first.reduce((sum, { totals }) => sum + totals.interrupted, 0);
      expect(sumOf(shown) + interrupted).toBe(await cluster.arrived(runs));

      // Again, in the same processes; the master forgets what it had at a reset, the documents do not.
      await cluster.until('two workers again', async () => (await state()).worker_count === 2);
      await cluster.swarm(8, 8);
      await cluster.until(
        'requests of the second run',
        async () => (await state()).stats.at(-1)!.num_requests > 0,
      );
      const before = sumOf(await cluster.masterCounts());
      await cluster.web('/stats/reset');
      await cluster.stop();
      await cluster.until('four documents', () => cluster.documents().length === 4);
      const second = cluster.documents().filter(({ run }) => !runs.has(run.id));
      expect(sumOf(await cluster.masterCounts()) + before).toBeLessThanOrEqual(
        sumOf(countsOfDocuments(second)),
      );
      expect(sumOf(countsOfDocuments(second))).toBeGreaterThanOrEqual(before);

      // One leaves by a signal; the master shows that it is gone.
      workers[0]!.child.kill('SIGTERM');
      expect(await workers[0]!.ended).toBe(143);
      await cluster.until('one worker', async () => (await state()).worker_count === 1);
    },
  );
});
