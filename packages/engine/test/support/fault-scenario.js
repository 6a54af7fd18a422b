/**
 * One operation for each thing that a scripted server does to a request. In JavaScript, so that threads of the built
 * engine load it too.
 *
 * @typedef {import('../../src/model/scenario.ts').ScenarioDefinition} ScenarioDefinition
 */

/** What an answer from a path of the scripted server is to be called: the operation, by its path. */
export const EXPECTED_OUTCOMES = /** @type {const} */ ({
  '/ok': 'ok',
  '/status/503': 'server_error',
  '/reset': 'connection_error',
  '/truncate': 'connection_error',
  '/garbage': 'connection_error',
  '/hang': 'timeout',
});

const PATHS = /** @type {(keyof typeof EXPECTED_OUTCOMES)[]} */ (Object.keys(EXPECTED_OUTCOMES));
const HANG_TIMEOUT_MS = 150;

/** @type {ScenarioDefinition} */
export const faults = {
  name: 'faults',
  operations: PATHS.map((path) => ({ name: path, method: 'POST', route: path })),
  tasks: PATHS.map((path) => ({
    name: path,
    weight: path === '/ok' ? 10 : 1,
    async run(user) {
      await user.request({
        operation: path,
        path,
        json: { content: 'x' },
        ...(path === '/hang' && { timeoutMs: HANG_TIMEOUT_MS }),
      });
    },
  })),
};
