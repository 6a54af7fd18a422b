// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { runLoad } from '@jarvis-load/engine';

/**
 * Largest share of failed requests if the server ends connections after an answer: requests sent at that moment are
 * lost.
 */
const MOST_FAILED = 0.035;

/**
 * What a server does. `busy`: 4 users without think time for 2 s; else 40 users who think for about a second, for 4 s.
 *
 * @type {Readonly<Record<string, { readonly text: string, readonly busy: boolean }>>}
 */
const BEHAVIOURS = {
  end: { text: 'ends the kept connection right after its fifth answer', busy: true },
  idle: { text: 'closes connections that were idle for 1 s, as their users come back', busy: false },
  close: { text: 'reads the third request, then closes', busy: false },
  reset: { text: 'reads the third request, then resets', busy: false },
};
const METHODS = /** @type {const} */ (['GET', 'POST']);

/**
 * One run, as the log keeps it. `load`: what waited for a processor or ran, on average of the last minute.
 *
 * @typedef {{ server: string, method: string, requests: number, failed: number, retries: number, load: number }
 *   & import('./breaking-server.js').ServerRecord} ConnectionsRun
 */

/** @type {import('./proofs.js').Proof<ConnectionsRun>} */
export const connectionsProof = {
  name: 'connections',
  description: 'what servers in another process that break connections cost, by their own record',
  title: 'Accuracy',
  document: 'docs/reference/accuracy.md',
  options: { server: { values: Object.keys(BEHAVIOURS), description: 'only this one' } },

  cases({ server }) {
    return Object.keys(BEHAVIOURS)
      .filter((each) => (server ?? each) === each)
      .flatMap((each) => METHODS.map((method) => ({ key: `${each} ${method}` })));
  },

  keyOf: ({ server, method }) => `${server} ${method}`,
  counts: () => true,

  async run({ key }) {
    const [server = '', method = ''] = key.split(' ');
    const child = fork(new URL('breaking-server.js', import.meta.url), [server]);
    try {
      const [port] = await once(child, 'message');
      const { busy } = /** @type {(typeof BEHAVIOURS)[string]} */ (BEHAVIOURS[server]);
      const { totals } = await runLoad({
        baseUrl: `http://127.0.0.1:${port}`,
        warmUp: false,
        circuitBreaker: false,
        scenarios: [
          {
            name: 'asking',
            operations: [{ name: 'ask', method: method === 'POST' ? 'POST' : 'GET', route: '/' }],
            executor: { kind: 'constant-vus', vus: busy ? 4 : 40, duration: busy ? '2s' : '4s' },
            run: async (user) => {
              await user.request({
                operation: 'ask',
                path: '/',
                ...(method === 'POST' ? { json: { text: 'hello' } } : {}),
              });
              // Close to the time after which the server closes idle connections.
              if (!busy) await user.think(0.99 + 0.02 * user.random());
            },
          },
        ],
      });
      const answer = once(child, 'message');
      child.send('record');
      const [record] = await answer;
      const { requests, failed, retries } = totals;
      return { server, method, requests, failed, retries, ...record, load: loadavg()[0] ?? 0 };
    } finally {
      child.disconnect();
    }
  },

  columns: [
    'server',
    'method',
    'runs',
    'requests',
    'failed',
    'sent again',
    'the server answered',
    'broke off',
    'took off the wire after its end',
    'load of the machine',
    'holds',
  ],

  row({ key }, runs) {
    const [server = '', method = ''] = key.split(' ');
    const sum = (/** @type {(run: ConnectionsRun) => number} */ of) =>
      runs.reduce((total, run) => total + of(run), 0);
    const requests = sum((run) => run.requests);
    const failed = sum((run) => run.failed);
    const answered = sum((run) => run.answered);
    const brokenOff = sum((run) => run.brokenOff);
    // No lost and no repeated requests: each request that did not fail was answered exactly once.
    const counted = answered === requests - failed;
    const holds =
      server === 'end'
        ? counted && failed <= MOST_FAILED * requests
        : counted && (server === 'idle' || (failed === brokenOff && brokenOff > 0));
    const loads = runs.map(({ load }) => load.toFixed(1));
    return {
      holds: runs.length === 0 ? undefined : holds,
      cells: [
        BEHAVIOURS[server]?.text ?? server,
        method,
        String(runs.length),
        requests.toLocaleString('en-US'),
        failed === 0
          ? '0'
          : `${failed.toLocaleString('en-US')} (${((100 * failed) / requests).toFixed(1)} %)`,
        String(sum((run) => run.retries)),
        answered.toLocaleString('en-US'),
        String(brokenOff),
        String(sum((run) => run.unanswered)),
        loads.length === 0 ? '' : `${loads.toSorted().at(0)} to ${loads.toSorted().at(-1)}`,
        runs.length === 0 ? '' : holds ? 'yes' : '**no**',
      ],
    };
  },
};
