/* GET at a constant rate, or by users without pause where RATE is empty, for k6; the summary goes to the file OUT. */
import http from 'k6/http';

const { DURATION, MAX_VUS, OUT, RATE, TARGET, VUS } = __ENV;

const executor =
  RATE === ''
    ? { executor: 'constant-vus', vus: Number(VUS), duration: DURATION }
    : {
        executor: 'constant-arrival-rate',
        rate: Number(RATE),
        timeUnit: '1s',
        duration: DURATION,
        preAllocatedVUs: Number(VUS),
        maxVUs: Number(MAX_VUS),
      };

export const options = {
  scenarios: { get: executor },
  summaryTrendStats: ['count', 'avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'p(99.99)', 'max'],
};

export default function get() {
  http.get(TARGET, { tags: { name: 'get' } });
}

export function handleSummary(data) {
  return OUT === undefined ? {} : { [OUT]: JSON.stringify(data) };
}
