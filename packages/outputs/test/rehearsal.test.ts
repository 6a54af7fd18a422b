import { expect, it } from 'vitest';
import { RunMetrics } from '../src/metrics/run-metrics.ts';
import { writeText } from '../src/prometheus/text-format.ts';
import { rehearse } from '../src/rehearsal/rehearse.ts';
import { madeRun } from './support/made-run.ts';

it('takes numbers for every operation, scenario and threshold of the run through the metrics before its load', () => {
  const trial = new RunMetrics(madeRun(), 5000);
  let text = '';
  let seconds = 0;
  rehearse(madeRun(), (second) => {
    trial.add(second);
    text = writeText(trial.collect(), 'openmetrics');
    seconds++;
  });
  expect(seconds).toBeGreaterThan(0);
  for (const { scenario, operation } of madeRun().operations) {
    const requests = `jarvis_load_requests_total{operation="${operation}",outcome="ok",scenario="${scenario}",testid="made-run"}`;
    expect(text).toContain(`${requests} ${seconds * 100}\n`);
    const line = text
      .split('\n')
      .find((each) => each.startsWith('k6_http_req_duration_p95') && each.includes(operation));
    const p95 = Number(line?.split(' ').at(-1));
    expect(p95).toBeGreaterThan(0.35);
    expect(p95).toBeLessThan(0.41);
  }
  expect(text).toMatch(/jarvis_load_threshold_ok\{[^\n]*\} 1\n/);
});
