// Runs scenario code that leaves errors unhandled, on the built engine. Arguments: a URL, what to do, and threads.
import { recordsUnhandledErrors, runLoad } from '../../dist/index.js';

const [url, what, threads] = process.argv.slice(2);
const late = setTimeout(() => process.exit(5), 60_000);
late.unref();
const recorded = [];
const result = await runLoad({
  baseUrl: url,
  warmUp: false,
  outputs: [
    { name: 'asks', event: ({ phase }) => phase === 'run' && recorded.push(recordsUnhandledErrors()) },
  ],
  threads: Number(threads),
  scenarios: {
    module: new URL('./unhandled-scenarios.js', import.meta.url).href,
    export: 'scenarios',
    options: what,
  },
});
const { verdict, run, exceptions, totals } = result;
process.send({ verdict, end: run.end, exceptions, requests: totals.requests });
process.send({
  listeners: process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException'),
  recorded: [recorded.includes(true), recorded.includes(false), recordsUnhandledErrors()],
});
process.disconnect();
