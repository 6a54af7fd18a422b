/**
 * One run of our engine in a process of its own, as a benchmark wants it: options as JSON in the first argument, the result
 * document and samples of the memory as JSON on stdout. `ENGINE` names another build of the engine to measure, such as
 * one from before a change. With `--expose-gc` memory is sampled after a collection, once at each of `memoryAt` requests.
 */
import { fileURLToPath } from 'node:url';

const {
  scenario = 'chat',
  executor,
  thinkSeconds,
  memoryAt = [],
  ...options
} = JSON.parse(process.argv[2] ?? '{}');
const engine = process.env['ENGINE'] ?? '@jarvis-load/engine';
const { runLoad } = /** @type {typeof import('@jarvis-load/engine')} */ (await import(engine));
/** @type {{ requests: number, rssBytes: number, heapBytes: number }[]} */
const memory = [];
const marks = [...memoryAt];
let requests = 0;
const result = await runLoad({
  circuitBreaker: false,
  onEvent(event) {
    if (event.type !== 'interval') return;
    requests += event.requests;
    if (requests < (marks[0] ?? Number.POSITIVE_INFINITY)) return;
    marks.shift();
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    memory.push({ requests, rssBytes: rss, heapBytes: heapUsed });
  },
  ...options,
  scenarios: {
    module: fileURLToPath(new URL('./scenarios.js', import.meta.url)),
    export: scenario,
    options: { executor, thinkSeconds },
  },
});
process.stdout.write(JSON.stringify({ result, memory }));
