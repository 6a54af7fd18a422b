import { afterEach, describe, expect, it } from 'vitest';
import { spawnMock, type SpawnedMock } from '../src/index.ts';
import { call } from './support/call.ts';

const mocks: SpawnedMock[] = [];

afterEach(() => Promise.all(mocks.splice(0).map((mock) => mock.close())));

describe("a signal to the mock's process", () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'is told to whoever started it, which goes on: %s',
    async (signal) => {
      const told = new Promise((resolve) => {
        void spawnMock({ preset: 'fast', onSignal: resolve }).then((mock) => {
          mocks.push(mock);
          process.kill(mock.pid, signal);
        });
      });
      expect(await told).toBe(signal);
      expect((await call(mocks[0]!.url, 'GET', '/health')).status).toBe(200);
      expect(await mocks[0]!.counters()).toBeDefined();
    },
  );
});
