import { defineScenario, feeder } from '../../dist/index.js';

/** Two scenarios that take rows of one feeder, each once over all threads; the run ends with the last row. */
const rows = feeder.generate(40, (index) => `row-${index}`, { name: 'rows', order: 'unique' });
const scenario = (name) =>
  defineScenario({
    name,
    operations: ['GET /{row}'],
    feeders: [rows],
    executor: { kind: 'constant-vus', vus: 4, duration: '20s' },
    async run(user) {
      const row = user.feed(rows);
      await user.get('/{row}', { params: { row }, headers: { 'x-number': String(user.iterationInRun) } });
    },
  });

export const scenarios = [scenario('one'), scenario('two')];
