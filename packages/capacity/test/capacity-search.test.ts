import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerText,
  CapacitySearch,
  driveSteps,
  foreseenSteps,
  type SearchOptions,
  type StepOutcome,
  type StepPlan,
} from '../src/index.ts';
import { outcome, queueStep, randomOf } from './models.ts';

const OPTIONS: SearchOptions = {
  unit: 'rate',
  from: 10,
  to: 1_000_000,
  precision: 0.05,
  stepMs: 15_000,
  confirmMs: 60_000,
};

async function search(
  step: (plan: StepPlan) => StepOutcome,
  options: Partial<SearchOptions> = {},
): Promise<CapacitySearch> {
  const found = new CapacitySearch({ ...OPTIONS, ...options });
  await driveSteps(found, (plan) => Promise.resolve(step(plan)));
  return found;
}

const upTo = (capacity: number) => (plan: StepPlan) => outcome(plan.level <= capacity ? 'pass' : 'fail');

describe('a search', () => {
  it('doubles, bisects and confirms: the answer is within the precision below the capacity', async () => {
    for (const capacity of [10, 11.3, 99, 612, 5000]) {
      const { answer, steps } = await search(upTo(capacity));
      expect(answer).toMatchObject({ kind: 'found', confirmedMs: 60_000 });
      const level = answer!.kind === 'found' ? answer!.level : 0;
      expect(level).toBeLessThanOrEqual(capacity);
      expect(level).toBeGreaterThan((capacity / 1.05) * 0.998);
      expect(steps.at(-1)).toMatchObject({ purpose: 'confirm', level });
    }
  });

  it('finds 908/s for M/M/1 with 1000/s and p99 up to 50 ms, within 5 % for 10 seeds', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = randomOf(seed);
      const { answer } = await search((plan) => queueStep(plan, random, { mu: 1000, limitMs: 50 }), {
        from: 200,
        precision: 0.02,
        stepMs: 60_000,
        confirmMs: 120_000,
      });
      expect(answer?.kind, `seed ${seed}`).toBe('found');
      const level = answer!.kind === 'found' ? answer!.level : 0;
      expect(Math.abs(level - 908) / 908, `seed ${seed}: ${level}`).toBeLessThan(0.05);
    }
  });

  it('searches below a first level that fails', async () => {
    const { answer } = await search(upTo(3), { from: 100 });
    expect(answer).toMatchObject({ kind: 'found' });
    expect(answer!.kind === 'found' ? answer!.level : 0).toBeCloseTo(3, 0);
  });

  it('says that objectives fail at any load, after three lower levels', async () => {
    const { answer, steps } = await search(upTo(0));
    expect(steps.map(({ level }) => level)).toEqual([10, 2.5, 0.625, 0.1563]);
    expect(answerText(answer!, 'rate')).toBe('objectives fail at any load: at 0.156/s is fail');
  });

  it('gives no answer where a run went wrong itself, such as its setup, whatever it was for', async () => {
    const invalid = (from: number) =>
      search((plan) =>
        plan.step >= from ? outcome('fail', { isInvalid: true, reasons: ['no login'] }) : upTo(50)(plan),
      );
    const { steps } = await search(upTo(50));
    for (const from of steps.map(({ step }) => step)) {
      const { answer, steps: made } = await invalid(from);
      expect(made).toHaveLength(from);
      expect(answerText(answer!, 'rate')).toMatch(
        /^nothing can be said: at [\d.]+\/s the run itself went wrong: no login$/,
      );
    }
  });

  it('finds whole numbers of users, exactly where they are few', async () => {
    const { answer } = await search(upTo(7), { unit: 'users', from: 1 });
    expect(answer).toMatchObject({ kind: 'found', level: 7, failed: { level: 8 } });
  });

  it('never goes beyond the highest level, and says that it was not the limit of the target', async () => {
    const { answer, steps } = await search(upTo(500), { to: 90 });
    expect(Math.max(...steps.map(({ level }) => level))).toBe(90);
    expect(answerText(answer!, 'rate')).toBe(
      'at least 90/s: no higher one was asked for (--to) (confirmed for 60 s)',
    );
  });

  it('repeats a step while the machine was busy, and believes the repetition', async () => {
    let disturbed = 0;
    const { answer, steps } = await search(({ level, attempt }) => {
      if (level !== 40 || attempt === 3) return outcome(level <= 100 ? 'pass' : 'fail');
      disturbed++;
      return outcome('busy');
    });
    expect(disturbed).toBe(2);
    expect(steps.filter(({ level }) => level === 40).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(answer).toMatchObject({ kind: 'found' });
  });

  it('takes a level at which the machine stays busy for the limit of the machine', async () => {
    const { answer } = await search(({ level }) => outcome(level <= 900 ? 'pass' : 'busy'), { to: 5000 });
    expect(answer).toMatchObject({ kind: 'at-least', limit: 'generator' });
    const level = answer!.kind === 'at-least' ? answer!.level : 0;
    expect(level).toBeGreaterThan(700);
    expect(answerText(answer!, 'rate')).toContain('the generator or this machine is the limit');
  });

  it('stays below what the permission of the target covers', async () => {
    const { answer } = await search(({ level }) => outcome(level <= 100 ? 'pass' : 'refused'));
    expect(answer).toMatchObject({ kind: 'at-least', limit: 'permission' });
  });

  it('goes down after a failed confirmation', async () => {
    const { answer } = await search(({ level, purpose }) =>
      outcome(level <= (purpose === 'confirm' ? 90 : 100) ? 'pass' : 'fail'),
    );
    expect(answer).toMatchObject({ kind: 'found' });
    const level = answer!.kind === 'found' ? answer!.level : 0;
    expect(level).toBeLessThanOrEqual(90);
    expect(level).toBeGreaterThan(80);
  });

  it('does not answer with a level that was never passed: not confirmed', async () => {
    let refuted = false;
    const { answer, steps } = await search(({ level, purpose }) => {
      if (purpose !== 'confirm') return outcome(level <= 100 ? 'pass' : 'fail');
      if (refuted) return outcome('busy');
      refuted = true;
      return outcome('fail');
    });
    expect(answer).toMatchObject({ kind: 'not-confirmed' });
    expect(answerText(answer!, 'rate')).toMatch(
      /no level between them was confirmed .*; the machine was too busy/,
    );
    const level = answer!.kind === 'not-confirmed' ? answer!.level : null;
    expect(steps.some((step) => step.level === level && step.status === 'pass')).toBe(true);
  });

  it.each([
    [
      'refused',
      { reasons: ['the permission ends after 30s'] },
      'not confirmed: the permission ends after 30s;',
    ],
    ['busy', {}, 'not confirmed: the machine was too busy;'],
    [
      'busy',
      { rateLimit: 'the target limits the rate: 40% were answered with status 429' },
      'not confirmed: the machine was too busy; in that run the target limits the rate: 40% were answered with status 429;',
    ],
    [
      'busy',
      { broken: { name: 'objective chat.send errors', measured: '30%', limit: '1%' } },
      'not confirmed: the machine was too busy; in that run objective chat.send errors was 30%, the limit is 1%;',
    ],
  ] as const)('tells why a confirmation that was %s (%o) confirms nothing', async (status, more, said) => {
    const { answer } = await search(({ level, purpose }) =>
      purpose === 'confirm' ? outcome(status, more) : outcome(level <= 100 ? 'pass' : 'fail'),
    );
    expect(answer).toMatchObject({ kind: 'found', confirmedMs: null });
    expect(answerText(answer!, 'rate')).toContain(said);
  });

  it('names a target that becomes slower with time as not monotonic', async () => {
    let sent = 0;
    const { answer } = await search(({ level, durationMs }) => {
      sent += (level * durationMs) / 1000;
      // Holds 100/s at first, and loses a part of it with every request.
      return outcome(level <= 100 - sent / 100 ? 'pass' : 'fail');
    });
    expect(answer).toMatchObject({ kind: 'not-monotonic' });
    expect(answerText(answer!, 'rate')).toContain('the target becomes slower with time');
  });

  it('tries a lower level again where the target does not recover', async () => {
    let broken = false;
    const { answer, steps } = await search(({ level }) => {
      broken ||= level > 100;
      return broken ? outcome('fail', { recovered: false }) : outcome('pass');
    });
    expect(steps.at(-1)).toMatchObject({ purpose: 'recheck', level: 80 });
    expect(answer).toMatchObject({ kind: 'not-monotonic', level: 80 });
  });

  it('ends whatever its steps give, also where the target never recovers', async () => {
    const given = fc.record({
      status: fc.constantFrom('pass' as const, 'fail' as const, 'busy' as const, 'refused' as const),
      recovered: fc.boolean(),
    });
    const never = fc.record({ status: fc.constant('pass' as const), recovered: fc.constant(false) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(given, never), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('rate' as const, 'users' as const),
        async (outcomes, unit) => {
          let taken = 0;
          const { answer } = await search(
            () => {
              if (taken > 300) throw new Error('more than 300 steps');
              const { status, recovered } = outcomes[taken++ % outcomes.length]!;
              return outcome(status, { recovered });
            },
            { unit, to: 1000 },
          );
          expect(answer).toBeDefined();
        },
      ),
    );
  });

  it('names a rate limit as what ends the capacity', async () => {
    const { answer } = await search(({ level }) =>
      level <= 50 ? outcome('pass') : outcome('fail', { rateLimit: 'is limited to 50/s' }),
    );
    expect(answer).toMatchObject({ kind: 'found', rateLimit: 'is limited to 50/s' });
    expect(answerText(answer!, 'rate')).toMatch(
      /^[\d.]+\/s \(rate limit of the target, confirmed for 60 s; at /,
    );
  });

  it('says in one sentence what holds, what fails above, and how it was confirmed', async () => {
    const broken = { name: 'objective chat.send p99', measured: '840 ms', limit: '300 ms' };
    const { answer } = await search(
      ({ level }) => (level <= 612 ? outcome('pass') : outcome('fail', { broken })),
      { from: 612, to: 675 },
    );
    expect(answerText(answer!, 'rate')).toBe(
      '612/s (objective chat.send p99, confirmed for 60 s; at 643/s chat.send p99 is 840 ms)',
    );
  });

  it('foresees its steps', () => {
    const plans = foreseenSteps(OPTIONS, 30);
    expect(plans.slice(0, 3).map(({ level }) => level)).toEqual([10, 20, 40]);
    expect(plans.at(-1)?.purpose).toBe('confirm');
  });
});
