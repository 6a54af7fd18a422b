import { describe, expect, it } from 'vitest';
import { checkThresholds } from '../src/judging/check-thresholds.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { asking } from './fixtures/virtual-load.ts';

describe('a threshold that no value or each value keeps', () => {
  const declaring = (metric: string, expression: string): ScenarioDefinition =>
    asking(
      'chat',
      { kind: 'constant-vus', vus: 2, duration: '10s' },
      {
        metrics: [
          { name: 'errors', kind: 'counter' },
          { name: 'share', kind: 'rate' },
          { name: 'words', kind: 'trend' },
          { name: 'balance', kind: 'gauge' },
        ],
        thresholds: { [metric]: [expression] },
      },
    );

  it.each([
    ['errors', 'count>=0', 'fail'],
    ['errors', 'count<0', 'pass'],
    ['errors', 'rate>=0 over 5s', 'fail'],
    ['share', 'passes>=0', 'fail'],
    ['share', 'fails<0', 'pass'],
    ['words', 'p(95)>=0', 'fail'],
    ['words', 'min<0', 'pass'],
    ['words', 'avg==-1', 'pass'],
    ['words', 'count!=-1', 'fail'],
    ['vus', 'value>=0', 'fail'],
  ])('is refused for a metric that takes no negative value: %s %s', (metric, expression, never) => {
    expect(() => checkThresholds([declaring(metric, expression)], {})).toThrow(
      `can never ${never}: what it judges is never negative`,
    );
  });

  it.each([
    ['balance', 'value>=0'],
    ['balance', 'value<0'],
    ['errors', 'count<=0'],
    ['words', 'p(95)>0'],
  ])('is taken where some values keep it: %s %s', (metric, expression) => {
    expect(() => checkThresholds([declaring(metric, expression)], {})).not.toThrow();
  });
});
