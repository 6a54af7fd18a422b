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
process.on('message', (message) => void handle(/** @type {any} */ (message)));
process.send?.({ done: '' });

/** @param {{ kind: string, value: any }} message */
async function handle({ kind, value }) {
  if (kind === 'second') {
    output.second(value);
    return;
  }
  if (kind === 'event') {
    output.event?.(value);
    return;
  }
  if (kind === 'start') {
    await output.start(value);
    process.send?.({ done: '' });
    return;
  }
  const problem = await output.stop(value).then(() => undefined, String);
  process.send?.({ done: problem ?? '' }, () => process.disconnect());
}
