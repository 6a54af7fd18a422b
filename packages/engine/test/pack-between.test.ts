import { expect, it } from 'vitest';
import { packSnapshot, recordOf } from '../src/replay/serialize-snapshot.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

it('a thread that packs a second may pause before each operation and before the rest; the text is the same', async () => {
  const seen: { readonly operations: number; readonly pauses: number; readonly isSame: boolean }[] = [];
  await virtualLoad({
    outputs: [
      {
        name: 'packing',
        interval(snapshot) {
          const record = recordOf(snapshot);
          let pauses = 0;
          const paused = packSnapshot(record, () => void pauses++);
          const isSame = paused.text === packSnapshot(record).text;
          seen.push({ operations: record.delta.operations.length, pauses, isSame });
        },
      },
    ],
    scenarios: ['chat', 'voice'].map((name) => asking(name, { kind: 'constant-vus', duration: '2s' })),
  }).result();
  expect(seen.length).toBeGreaterThan(1);
  for (const { operations, pauses, isSame } of seen) {
    expect(pauses).toBe(operations + 1);
    expect(isSame).toBe(true);
  }
});
