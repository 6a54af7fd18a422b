// Sends requests when no file descriptor is free for a socket, and prints the totals. Argument: a URL.
import { openSync } from 'node:fs';
import { runLoad } from '../../dist/index.js';

const result = await runLoad({
  baseUrl: process.argv[2],
  warmUp: false,
  circuitBreaker: false,
  scenarios: [
    {
      name: 'chat',
      operations: [{ name: 'tell', method: 'POST', route: '/tell' }],
      executor: { kind: 'per-vu-iterations', vus: 1, iterations: 3 },
      onStart() {
        try {
          for (;;) openSync('/dev/null', 'r');
        } catch {
          // No descriptor is free.
        }
      },
      run: async (user) => {
        await user.request({ operation: 'tell', path: '/tell', body: 'hello' });
      },
    },
  ],
});
const { totals, errors } = result;
process.stdout.write(JSON.stringify({ totals, codes: errors.map(({ code }) => code) }));
