import { expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

it('the stage of a run tells the load of all scenarios whose stages are at the same times', async () => {
  const stages = [{ duration: '2s', target: 3 }, { duration: '2s', target: 3 }]; // prettier-ignore
  const labels = async (executors: readonly ExecutorOptions[]): Promise<unknown[]> => {
    const load = virtualLoad({
      scenarios: executors.map((executor, index) => asking(`s${index}`, executor)),
    });
    await load.result();
    const intervals = load.events.filter((event) => event.type === 'interval');
    return [0, 2].map((second) => intervals[second]!.progress.stage?.label);
  };
  const users: ExecutorOptions = { kind: 'ramping-vus', startVUs: 1, stages };
  expect(await labels([users, users])).toEqual(['to 6', 'hold 6']);
  const turn = (index: number): ExecutorOptions => ({
    kind: 'ramping-arrival-rate',
    startRate: 0,
    timeUnit: '3s',
    stages,
    preAllocatedVUs: 5,
    turn: { index, of: 3 },
  });
  expect(await labels([turn(0), turn(1), turn(2)])).toEqual(['to 3/s', 'hold 3/s']);
  expect(await labels([turn(0)])).toEqual(['to 3/3s', 'hold 3/3s']);
});
