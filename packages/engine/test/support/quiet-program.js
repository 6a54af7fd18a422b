// A program that uses the built engine, prints nothing, and does not call `exit`. Arguments: a URL and what to do.
import { openClient, runLoad, startLoad } from '../../dist/index.js';

const [url, what] = process.argv.slice(2);

const scenario = {
  name: 'chat',
  operations: [{ name: 'ask', method: 'GET', route: '/ask' }],
  executor: { kind: 'constant-vus', vus: 3, duration: '600ms', gracefulStop: '200ms' },
  run: async (user) => {
    await user.request({ operation: 'ask', path: '/ask' });
    await user.think(0.01);
  },
};

const programs = {
  closed: () => runLoad({ baseUrl: url, scenarios: [scenario] }),
  open: () =>
    runLoad({
      baseUrl: url,
      scenarios: [
        {
          ...scenario,
          executor: { kind: 'constant-arrival-rate', rate: 100, duration: '600ms', maxVUs: 50 },
        },
      ],
    }),
  'spinning pacer': () =>
    runLoad({
      baseUrl: url,
      pacing: 'precise',
      scenarios: [
        {
          ...scenario,
          executor: { kind: 'constant-arrival-rate', rate: 100, duration: '600ms', maxVUs: 50 },
        },
      ],
    }),
  'failing code': () =>
    runLoad({
      baseUrl: url,
      scenarios: [
        {
          ...scenario,
          run: async (user) => {
            await user.request({ operation: 'ask', path: '/500' });
            throw new Error('no message');
          },
        },
      ],
      thresholds: { http_req_failed: ['rate<0.01'] },
      onEvent: () => {
        throw new Error('a listener that throws');
      },
    }),
  'hanging target': () =>
    runLoad({
      baseUrl: url,
      scenarios: [
        {
          ...scenario,
          run: async (user) => {
            await user.request({ operation: 'ask', path: '/hang' });
          },
        },
      ],
    }),
  'code that never ends': () =>
    runLoad({ baseUrl: url, scenarios: [{ ...scenario, run: () => new Promise(() => undefined) }] }),
  unreachable: () => runLoad({ baseUrl: 'http://127.0.0.1:1', scenarios: [scenario], circuitBreaker: false }),
  'refused setup': () =>
    runLoad({
      baseUrl: url,
      scenarios: [{ ...scenario, setup: () => Promise.reject(new Error('refused')) }],
    }),
  'a setup that awaits one of many': () =>
    runLoad({
      baseUrl: url,
      scenarios: [
        {
          ...scenario,
          setup: (user) =>
            Promise.all(
              Array.from({ length: 5 }, async () => {
                await user.request({ operation: 'ask', path: '/ask' });
                throw new Error('refused');
              }),
            ),
        },
      ],
    }),
  'a client that nobody closes': async () => {
    const client = openClient({ baseUrl: url, operations: scenario.operations });
    await client.request({ operation: 'ask', path: '/ask' });
    return runLoad({ baseUrl: url, scenarios: [scenario], warmUp: false });
  },
  'aborted before the start': () =>
    runLoad({ baseUrl: url, scenarios: [scenario], signal: AbortSignal.abort('no') }),
  'aborted in setup': () =>
    runLoad({
      baseUrl: url,
      scenarios: [
        {
          ...scenario,
          setup: async (user) => {
            await user.request({ operation: 'ask', path: '/hang' });
          },
        },
      ],
      signal: AbortSignal.timeout(300),
    }),
  'aborted while users log in': () =>
    runLoad({
      baseUrl: url,
      scenarios: [
        {
          ...scenario,
          executor: { kind: 'constant-arrival-rate', rate: 10, duration: '5s', preAllocatedVUs: 10 },
          onStart: async (user) => {
            await user.request({ operation: 'ask', path: '/hang' });
          },
        },
      ],
      signal: AbortSignal.timeout(300),
    }),
  'aborted in mid-run': async () => {
    const run = startLoad({
      baseUrl: url,
      scenarios: [{ ...scenario, executor: { kind: 'constant-vus', vus: 20, duration: '1h' } }],
    });
    setTimeout(() => run.abort('test'), 500);
    return run.result;
  },
  'many runs': async () => {
    const all = Array.from({ length: 15 }, () =>
      runLoad({ baseUrl: url, scenarios: [scenario], warmUp: false, signal: AbortSignal.timeout(60_000) }),
    );
    return (await Promise.all(all))[0];
  },
};

const { run, verdict, totals } = await programs[what]();
process.send({
  end: run.end.kind,
  verdict: verdict.status,
  requests: totals.requests,
  interrupted: totals.interrupted,
});
process.disconnect();
