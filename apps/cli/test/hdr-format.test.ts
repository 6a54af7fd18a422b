import { decodeHistogram } from '@jarvis-load/engine/recorder';
import { afterEach, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

const workspace = new Workspace();
afterEach(() => workspace.remove());

it('--format=hdr writes an interval log that adds up to the run, and a percentile file per operation', async () => {
  const load = [
    '--set=mock.preset=fast',
    '--scenario=chat',
    '--rate=50',
    '--duration=2s',
    '--objectives=none',
  ];
  const { code, out } = await workspace.run([
    'load',
    '--target=mock',
    ...load,
    '--threads=2',
    '--format=hdr',
  ]);
  expect(code, out).toBe(0);
  const { operations } = workspace.result();
  const counts: Record<string, number> = {};
  for (const line of workspace.file('results', 'latest', 'response-times.hlog').split('\n')) {
    const [tag, , , , histogram] = line.split(',');
    if (tag?.startsWith('Tag=') !== true || histogram === undefined) continue;
    counts[tag] = (counts[tag] ?? 0) + decodeHistogram(histogram).count;
  }
  expect(counts).toEqual(
    Object.fromEntries(
      operations.map(({ scenario, operation, requests }) => [`Tag=${scenario}/${operation}`, requests]),
    ),
  );
  const percentiles = workspace.files('results', 'latest').filter((name) => name.endsWith('.hgrm'));
  expect(percentiles).toEqual(
    operations.map(({ scenario, operation }) => `${scenario}.${operation}.hgrm`).toSorted(),
  );
  expect(out).toContain('response-times.hlog');
});
