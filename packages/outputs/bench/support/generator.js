/** One run at 1000/s with an output, or none; the costs as JSON on stdout. Options as JSON in the first argument. */
import { Redactor, runLoad } from '@jarvis-load/engine';
import { WorkerOutput } from '../../dist/index.js';
import { chat } from '../../../engine/bench/support/scenarios.js';
import { MeasuredOutput } from './measured-output.js';

const { origin, seconds, output, nativeHistograms, folder } = JSON.parse(process.argv[2] ?? '{}');
const executor = {
  kind: /** @type {const} */ ('constant-arrival-rate'),
  rate: 1000,
  duration: `${seconds}s`,
  preAllocatedVUs: 20,
  maxVUs: 500,
};
const measured =
  output === undefined
    ? undefined
    : new MeasuredOutput(
        new WorkerOutput(output, {
          name: 'measured',
          cwd: folder,
          environment: {},
          required: true,
          intervalMs: 5000,
          nativeHistograms,
          locustNames: false,
          redactor: new Redactor(),
          onHurry: () => () => undefined,
          tell: (_level, text) => console.error(text),
        }),
      );
const result = await runLoad({
  baseUrl: origin,
  circuitBreaker: false,
  scenarios: [chat({ executor })],
  outputs: measured === undefined ? [] : [measured],
});
const problems = result.notes.filter(({ code }) => code === 'output-failed');
if (problems.length > 0 || result.totals.failed > 0)
  throw new Error(JSON.stringify([problems, result.errors]));
const { cpuSeconds, cpuMicrosPerRequest, pacerLag } = result.health;
const ofThread = measured?.cpuSeconds ?? 0;
process.stdout.write(
  JSON.stringify({
    cpu: cpuMicrosPerRequest,
    lag: pacerLag.percentiles.p99,
    share: ofThread / ((cpuSeconds ?? Number.NaN) - ofThread),
    threadMs: (ofThread * 1000) / (result.run.durationMs / 1000),
    handOverMs: measured?.handOverMs ?? 0,
    startMs: (measured?.startCpuSeconds ?? 0) * 1000,
  }),
);
