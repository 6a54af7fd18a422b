import { defineScenario, runLoad } from '@jarvis-load/engine';

const health = defineScenario({
  name: 'health',
  operations: [{ name: 'health', method: 'GET', route: '/health' }],
  run: async (user) => void (await user.request({ operation: 'health', path: '/health' })),
  executor: { kind: 'constant-vus', vus: 2, duration: '2s' },
  thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01'] },
});
const result = await runLoad({ baseUrl: process.argv[2] ?? 'http://127.0.0.1:8100', scenarios: [health] });
console.log(result.verdict.status, result.totals.requests, result.totals.responseTime.percentiles.p95);
