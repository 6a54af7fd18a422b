import { faults } from './fault-scenario.js';

/** Scenarios for worker threads, in a module, because functions cannot be sent to a thread. */

/** The faults scenario with an executor. @param {{ executor: object }} options */
export function withExecutor({ executor }) {
  return [{ ...faults, executor }];
}

/**
 * One user computes for a long time in its fourth iteration. @param {{ executor: object, computeMs: number }} options
 */
export function computing({ executor, computeMs }) {
  return {
    name: 'faults',
    operations: faults.operations,
    executor,
    async run(user) {
      if (user.id === 1 && user.iteration === 3) {
        const end = Date.now() + computeMs;
        while (Date.now() < end);
      }
      await user.request({ operation: '/ok', path: '/ok', json: { content: 'x' } });
      await user.think(0.02);
    },
  };
}

/** One user ends its thread. @param {{ executor: object }} options */
export function dying({ executor }) {
  return {
    name: 'faults',
    operations: faults.operations,
    executor,
    async run(user) {
      if (user.id === 2 && user.iteration === 20) process.exit(7);
      await user.request({ operation: '/ok', path: '/ok', json: { content: 'x' } });
      await user.think(0.02);
    },
  };
}
