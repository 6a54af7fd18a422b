import { expect, it } from 'vitest';
import type { RunInfo } from '@jarvis-load/engine';
import { InfluxPoints } from '../src/influxdb/influx-points.ts';
import { madeRun, madeSecond } from './support/made-run.ts';

/** Splits a line of line protocol as InfluxDB does: a backslash takes the meaning of comma, space and equals sign behind it. */
function tagsOf(line: string): Readonly<Record<string, string>> {
  const [head = ''] = line.split(/(?<!\\) /, 1);
  const [, ...tags] = head.split(/(?<!\\),/);
  const plain = (text: string): string => text.replaceAll(/\\([, =])/g, '$1');
  return Object.fromEntries(
    tags.map((tag) => tag.split(/(?<!\\)=/).map(plain) as unknown as readonly [string, string]),
  );
}

it.each([
  ['a b, c=d', 'a b, c=d'],
  ['"quoted" {} \\d+ \u{1F600} /$x/', '"quoted" {} \\d+ \u{1F600} /$x/'],
  // Neither can be written at all.
  ['ends with \\', 'ends with \uFF3C'],
  ['C:\\\\', 'C:\\\uFF3C'],
  ['two\nlines', 'two\\nlines'],
])('InfluxDB reads the name of a check %j as %j, and the tags behind it', (name, read) => {
  const run = { ...madeRun(), tags: { ...madeRun().tags, team: name } } as RunInfo;
  const second = madeSecond(0, 1e12);
  const { delta } = second;
  const checks = [{ scenario: 'chat-user', name, passes: 3, fails: 1 }];
  const line = new InfluxPoints(run)
    .second({ ...second, delta: { ...delta, checks } })
    .find((each) => each.startsWith('jarvis_load_check,'))!;
  expect(tagsOf(line)).toMatchObject({ check: read, scenario: 'chat-user', team: read });
  expect(line).toMatch(/ fails=1i,passes=3i \d+$/);
});

it('a sum of a custom metric that is infinite is no field, and ends no output', () => {
  const second = madeSecond(0, 1e12);
  const { delta } = second;
  const metrics = [{ ...delta.metrics[0]!, name: 'bytes', value: Number.POSITIVE_INFINITY }];
  const lines = new InfluxPoints(madeRun()).second({ ...second, delta: { ...delta, metrics } });
  expect(lines.find((line) => line.includes('metric=bytes'))).toMatch(/ samples=\d+i \d+$/);
});
