import http from 'k6/http';
import exec from 'k6/execution';
import { sleep } from 'k6';

const tenants = [
  { tenant: 'acme', key: 'key-a', region: 'eu' },
  { tenant: 'globex', key: 'key-g', region: 'us' },
  { tenant: 'initech', key: 'key-i', region: 'eu' },
];

export default function () {
  const startedAt = Date.now();
  const { tenant, key, region } = tenants[(exec.vu.idInTest - 1) % tenants.length];
  const address = `${__ENV.TARGET}/tenants/${tenant}/reports`;
  if (exec.vu.iterationInScenario % 5 === 4) {
    http.post(address, JSON.stringify({ day: exec.scenario.iterationInTest }), {
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      responseCallback: http.expectedStatuses(201, 409),
      tags: { name: 'POST /tenants/{tenant}/reports' },
    });
  } else {
    http.get(`${address}?region=${region}`, {
      headers: { 'x-api-key': key },
      tags: { name: 'GET /tenants/{tenant}/reports' },
    });
  }
  sleep(Math.max(0, 0.2 - (Date.now() - startedAt) / 1000));
}
