const scenario = {
  name: 'chat',
  operations: [{ name: 'ask', method: 'GET', route: '/' }],
  run: async (user) => {
    await user.think(0.01);
  },
  executor: { kind: 'constant-vus', vus: 2, duration: '1s' },
};

export const quick = () => scenario;

/** Never resolves. */
export const never = () => new Promise(() => undefined);

export function throwing() {
  throw new Error('no settings');
}

/** Blocks its thread before the run begins, and reports it. @param {Int32Array} stuck in shared memory */
export const stuckInStart = (stuck) => ({
  ...scenario,
  onStart: () => {
    Atomics.add(stuck, 0, 1);
    for (;;);
  },
  executor: { kind: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 2 },
});

/** Blocks its thread while the load is on: users of closed scenarios start then. @param {Int32Array} stuck in shared memory */
export const stuckInLoad = (stuck) => ({
  ...stuckInStart(stuck),
  executor: { kind: 'constant-vus', vus: 2, duration: '1s' },
});
