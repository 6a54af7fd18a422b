/**
 * The scenarios that the benchmarks run, as a module, so that several threads can load them.
 *
 * @typedef {import('@jarvis-load/engine').ScenarioDefinition} ScenarioDefinition
 * @typedef {{ executor: import('@jarvis-load/engine').ExecutorOptions, thinkSeconds?: number }} BenchOptions
 */

const HEADERS = {
  authorization: `Bearer ${'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJsb2FkIn0.'.padEnd(120, 'x')}`,
};

/**
 * A chat message, its answer checked as the k6 script of the suite checks it: status, JSON, two fields of it.
 * @param {BenchOptions} options
 * @returns {ScenarioDefinition}
 */
export function chat({ executor, thinkSeconds = 0 }) {
  return {
    name: 'chat',
    operations: [{ name: 'chat.send', method: 'POST', route: '/api/chat' }],
    executor,
    async run(user) {
      const response = await user.request({
        operation: 'chat.send',
        path: '/api/chat',
        headers: HEADERS,
        json: { content: `Test message ${user.id}-${user.iteration}` },
      });
      user.check(response, CHECKS);
      if (thinkSeconds > 0) await user.think(thinkSeconds);
    },
  };
}

/** @type {Parameters<import('@jarvis-load/engine').VirtualUser['check']>[1]} */
const CHECKS = {
  'status is 200': ({ status }) => status === 200,
  'has message': (response) => has(response.json(), 'message'),
  'has conversation_id': (response) => has(response.json(), 'conversation_id'),
};

/**
 * @param {unknown} body
 * @param {string} field
 */
function has(body, field) {
  return typeof body === 'object' && body !== null && field in body;
}

/**
 * A request that carries its number in the schedule, so that the server's record can be held against ours. One thread.
 * @param {BenchOptions} options
 * @returns {ScenarioDefinition}
 */
export function numbered({ executor }) {
  let next = 0;
  return {
    name: 'numbered',
    operations: [{ name: 'get', method: 'GET', route: '/' }],
    executor,
    async run(user) {
      await user.request({ operation: 'get', path: `/?k=${next++}` });
    },
  };
}

/**
 * The bare request.
 * @param {BenchOptions} options
 * @returns {ScenarioDefinition}
 */
export function get({ executor }) {
  return {
    name: 'get',
    operations: [{ name: 'get', method: 'GET', route: '/' }],
    executor,
    async run(user) {
      await user.request({ operation: 'get', path: '/' });
    },
  };
}
