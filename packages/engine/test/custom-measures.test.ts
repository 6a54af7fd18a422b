import { expect, it } from 'vitest';
import { CustomMeasures } from '../src/recorder/custom-measures.ts';

it('a gauge keeps its value where another thread has rejected samples only', () => {
  const key = { scenario: 0, name: 'queue', selection: -1 };
  const gauge = new CustomMeasures(key);
  gauge.add({ ...key, samples: 1, value: 7, min: 7, max: 7, rejected: 0, trend: undefined }, true);
  gauge.add(
    { ...key, samples: 0, value: 0, min: Infinity, max: -Infinity, rejected: 1, trend: undefined },
    true,
  );
  expect(gauge.interval()).toMatchObject({ samples: 1, value: 7, rejected: 1 });
});
