/* One stream over a WebSocket per iteration, at a constant rate, for k6; the summary goes to the file OUT. */
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

const { DURATION, OUT, RATE, TARGET, VUS } = __ENV;
const streams = new Counter('streams');
const parts = new Counter('parts');
const times = {
  ttft: new Trend('ttft', true),
  ttlt: new Trend('ttlt', true),
  tpot: new Trend('tpot', true),
  gap: new Trend('gap', true),
  longestGap: new Trend('longestGap', true),
};

export const options = {
  scenarios: {
    chat: {
      executor: 'constant-arrival-rate',
      rate: Number(RATE),
      timeUnit: '1s',
      duration: DURATION,
      preAllocatedVUs: Number(VUS),
      maxVUs: Number(VUS),
      gracefulStop: '10s',
    },
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export default function chat() {
  const beganMs = Date.now();
  const stamps = [];
  const socket = new WebSocket(`${TARGET}/chat?k=${exec.scenario.iterationInTest}`);
  socket.addEventListener('open', () => socket.send('go'));
  socket.addEventListener('message', ({ data, timestamp }) => {
    if (data !== '[DONE]') {
      stamps.push(timestamp);
      return;
    }
    socket.close();
    const gaps = stamps.slice(1).map((ms, part) => ms - stamps[part]);
    const last = stamps[stamps.length - 1];
    streams.add(1);
    parts.add(stamps.length);
    times.ttft.add(stamps[0] - beganMs);
    times.ttlt.add(last - beganMs);
    times.tpot.add((last - stamps[0]) / (stamps.length - 1));
    for (const ms of gaps) times.gap.add(ms);
    times.longestGap.add(Math.max(...gaps));
  });
}

export function handleSummary(data) {
  return { [OUT]: JSON.stringify(data) };
}
