/* The chat request for k6, checked as ours is, with a metric of its own for the operation's latency, as the suite's script has. */
import { check } from 'k6';
import http from 'k6/http';
import { Trend } from 'k6/metrics';

const latency = new Trend('chat_latency', true);

export const options = {
  vus: Number(__ENV.VUS),
  duration: __ENV.DURATION,
  summaryTrendStats: ['avg', 'p(50)', 'p(99)', 'max'],
};

const params = {
  headers: { Authorization: __ENV.TOKEN, 'Content-Type': 'application/json' },
  tags: { name: 'chat.send' },
};

export default function chat() {
  const content = `Test message ${__VU}-${__ITER}`;
  const response = http.post(__ENV.TARGET, JSON.stringify({ content }), params);
  latency.add(response.timings.duration);
  check(response, {
    'status is 200': (r) => r.status === 200,
    'has message': (r) => r.json().message !== undefined,
    'has conversation_id': (r) => r.json().conversation_id !== undefined,
  });
}
