import type { ResponseStream } from '@jarvis-load/engine';
import { expect, it } from 'vitest';
import { telemetry } from '../src/scenarios/telemetry.ts';
import { fakeResponse } from './fake-response.ts';
import { scriptedUser } from './scripted-user.ts';

it.each([
  ['left without a frame', 'hung_up', [], 1],
  ['left after frames', 'hung_up', [40, 190], 0],
  // Counts in `http_req_failed`.
  ['was refused', 'unauthorized', [], 0],
] as const)('a listener who %s is counted in left_waiting: %s', async (_, outcome, arrivalsMs, expected) => {
  const scenario = telemetry({ token: undefined, settings: {} });
  const response = Promise.resolve({ ...fakeResponse({}), outcome });
  const user = {
    ...scriptedUser(() => fakeResponse({}), scenario),
    stream: () => ({ response, arrivalsMs }) as unknown as ResponseStream,
  };
  await scenario.run!(user, undefined as never);
  expect(Object.fromEntries(user.script.metrics)).toEqual({ left_waiting: [expected] });
  expect(scenario.thresholds).toMatchObject({ left_waiting: ['rate<0.05'] });
});
