import { expect, it } from 'vitest';
import { toK6Threshold } from '../src/k6/k6-threshold.ts';

it.each([
  ['rate<1%', 'rate<0.01'],
  ['rate<.5%', 'rate<0.005'],
  ['rate < 99.9 %', 'rate < 0.999'],
  ['p(95)<.5ms', 'p(95)<.5'],
])('%s is %s for k6', (written, read) => {
  expect(toK6Threshold(written)).toBe(read);
});
