import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLoad } from '@jarvis-load/engine';
import {
  decodeHistogram,
  formatLogHeader,
  formatLogLine,
  formatPercentiles,
} from '@jarvis-load/engine/recorder';

// Writes what HdrHistogram's tools read: an interval log (.hlog) and a percentile distribution (.hgrm).
const [baseUrl = 'http://127.0.0.1:8100', folder = '.'] = process.argv.slice(2);
const startEpochMs = Date.now();
let log = formatLogHeader(startEpochMs);

const result = await runLoad({
  baseUrl,
  scenarios: [
    {
      name: 'health',
      operations: [{ name: 'health', method: 'GET', route: '/health' }],
      run: async (user) => void (await user.request({ operation: 'health', path: '/health' })),
      executor: { kind: 'constant-arrival-rate', rate: 50, duration: '2s', maxVUs: 20 },
    },
  ],
  onEvent: (event) => {
    if (event.type !== 'interval') return;
    const { startMs, endMs } = event;
    for (const { operation, responseTime } of event.operations) {
      log += formatLogLine({ tag: operation, startMs, endMs, histogram: responseTime });
    }
  },
});

writeFileSync(join(folder, 'run.hlog'), log);
for (const { operation, responseTime } of result.operations) {
  if (responseTime.histogram === undefined) continue;
  writeFileSync(
    join(folder, `${operation}.hgrm`),
    formatPercentiles(decodeHistogram(responseTime.histogram)),
  );
}
console.log(result.verdict.status, result.totals.requests);
