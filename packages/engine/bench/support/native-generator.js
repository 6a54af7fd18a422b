/**
 * One run of our engine in a process of its own, as a benchmark wants it: options as JSON in the first argument, the result
 * document as JSON on stdout. `ENGINE` names another build of the engine to measure, such as one from before a change.
 */
import { fileURLToPath } from 'node:url';

const { scenario = 'chat', executor, ...options } = JSON.parse(process.argv[2] ?? '{}');
const engine = process.env['ENGINE'] ?? '@jarvis-load/engine';
const { runLoad } = /** @type {typeof import('@jarvis-load/engine')} */ (await import(engine));
const result = await runLoad({
  circuitBreaker: false,
  ...options,
  scenarios: {
    module: fileURLToPath(new URL('./scenarios.js', import.meta.url)),
    export: scenario,
    options: { executor },
  },
});
process.stdout.write(JSON.stringify(result));
