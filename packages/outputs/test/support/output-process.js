/**
 * An output of `dist` in a process of its own, driven by messages: the libraries of OpenTelemetry cannot be loaded in the
 * process of the tests, whose conditions lead to files that Node cannot resolve. Argument: the spec.
 */
import { createExporter } from '../../dist/create-exporter.js';
import { parseOutput } from '../../dist/spec/parse-output.js';

const output = await createExporter(parseOutput(process.argv[2] ?? ''), {
  name: 'otlp',
  cwd: '.',
  environment: {},
  required: false,
  intervalMs: 1000,
  nativeHistograms: false,
  locustNames: false,
  tell: (_level, told) => process.send?.({ told }),
});
process.on('message', async (/** @type {any} */ { kind, value }) => {
  if (kind === 'second') return output.second(value);
  if (kind === 'start') await output.start(value);
  else {
    const problem = await output.stop(value).then(() => undefined, String);
    process.send?.({ done: problem ?? '' }, () => process.disconnect());
    return;
  }
  process.send?.({ done: '' });
});
process.send?.({ done: '' });
