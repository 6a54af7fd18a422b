import { startLoad, type RunInfo } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { expect, it } from 'vitest';
import { entryNames, reportedSecond, type ReportedSecond } from '../src/stats/second.ts';

it('what a master gets of failures and exceptions holds no secret', async () => {
  const clock = new VirtualClock();
  const seconds: ReportedSecond[] = [];
  let info: RunInfo | undefined;
  const run = startLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, () => ({ afterMs: 40, body: 'refused hunter2' })),
    outputs: [
      {
        name: 'seconds',
        start: (started) => void (info = started),
        interval: (snapshot) =>
          void seconds.push(
            reportedSecond(snapshot, entryNames(info!), (text) => text.replaceAll('hunter2', '***')),
          ),
      },
    ],
    scenarios: [
      {
        name: 'chat',
        operations: [{ name: 'get', method: 'GET', route: '/', accepts: (response) => response.text() }],
        run: async (user) => {
          const response = await user.request({ operation: 'get', path: '/' });
          throw new Error(response.text());
        },
        executor: { kind: 'per-vu-iterations' },
      },
    ],
  });
  await clock.until(run.result);
  const text = JSON.stringify(seconds);
  expect(text).toContain('body: refused ***');
  expect(text).toContain('Error: refused ***');
  expect(text).not.toContain('hunter2');
});
