import { runLoad } from '@jarvis-load/engine';
import { serializeRunInfo } from '@jarvis-load/engine/replay';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { expect, it } from 'vitest';
import { rehearseJournal } from '../src/results/rehearse-journal.ts';

it('lines of a journal can be made of made-up seconds of a run, also of one with streams and metrics', async () => {
  const clock = new VirtualClock();
  let head = '';
  await clock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock,
      transport: new ScriptedTarget(clock, () => ({ afterMs: 20 })),
      outputs: [{ name: 'head', start: (run) => void (head = serializeRunInfo(run)) }],
      scenarios: [
        {
          name: 'chat',
          operations: [
            { name: 'chat.send', method: 'POST', route: '/chat' },
            { name: 'chat.stream', method: 'POST', route: '/stream', stream: 'sse' },
          ],
          metrics: [{ name: 'words', kind: 'trend', unit: 'count' }],
          run: async (user) => void (await user.request({ operation: 'chat.send', path: '/chat' })),
          executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
          thresholds: { words: ['avg<10'] },
        },
      ],
    }),
  );
  expect(rehearseJournal(head)).toBeGreaterThan(1);
  expect(rehearseJournal('{}')).toBe(0);
});
