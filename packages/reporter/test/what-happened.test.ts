import { describe, expect, it } from 'vitest';
import { freeze } from '../src/findings/freeze.ts';
import { timeSpent } from '../src/findings/time-spent.ts';
import { headline } from '../src/view/headline.ts';
import { renderText } from '../src/index.ts';
import { healthFacts, healthMatters, healthSentence, healthSign } from '../src/view/health.ts';
import { reasonsOf } from '../src/view/reasons.ts';
import { emptyRun, hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';
import { asking, queueing, virtualLoad } from './fixtures/virtual-load.ts';
import { codes, textOf, told } from './support/told.ts';

const objective = (operation: string, limits: { p95Ms?: number; p99Ms?: number; errorRate?: number }) => ({
  operation,
  ...limits,
});
const steady = { kind: 'constant-vus', vus: 10, duration: '30s' } as const;

describe('what happened', () => {
  it('finds nothing in a healthy run, closed or open, ramping or steady', async () => {
    const closed = await virtualLoad(
      {
        scenarios: [
          asking('chat', {
            kind: 'ramping-vus',
            startVUs: 1,
            stages: [
              { duration: '20s', target: 20 },
              { duration: '10s', target: 20 },
            ],
          }),
        ],
        objectives: [objective('chat', { p95Ms: 200, p99Ms: 300, errorRate: 0.01 })],
      },
      ({ number }) => ({ afterMs: 80 + ((number * 37) % 60) }),
    );
    expect(told(closed)).toEqual([]);
    const open = await virtualLoad(
      {
        scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 40, duration: '30s', maxVUs: 50 })],
        objectives: [objective('chat', { p95Ms: 200 })],
      },
      ({ number }) => ({ afterMs: 80 + ((number * 37) % 60) }),
    );
    expect(told(open)).toEqual([]);
    expect(headline(open)).toBe('The one promise was kept');
    expect(told(runResult())).toEqual([]);
  });

  it('tells of a capacity that users reached: where, at how many, and that its answers only became slower', async () => {
    const result = await virtualLoad(
      {
        scenarios: [
          asking('chat', {
            kind: 'ramping-vus',
            startVUs: 1,
            stages: [
              { duration: '40s', target: 60 },
              { duration: '20s', target: 60 },
            ],
          }),
        ],
        objectives: [objective('chat', { p95Ms: 300 })],
      },
      // 100 requests/s at 200 ms: the queue starts at 20 users, which is 13 s into the ramp.
      queueing(100, 200),
    );
    const findings = told(result);
    expect(codes(findings)).toEqual(['left-limit', 'capacity', 'time-spent', 'generator']);
    const text = textOf(findings, 'capacity');
    expect(text).toMatch(
      /^The target reached its capacity at about (9\d|100|101)(\.\d)? requests\/s, with \d+ users at 0:1\d/,
    );
    expect(Number(/with (\d+) users/.exec(text)?.[1])).toBeGreaterThan(16);
    expect(Number(/with (\d+) users/.exec(text)?.[1])).toBeLessThan(25);
    expect(textOf(findings, 'left-limit')).toMatch(
      /^chat missed p95 from 0:\d\d on, at \d+ users: p95 \d+ ms \(limit 300 ms\)\.$/,
    );
    expect(textOf(findings, 'time-spent')).toContain('in the target');
    expect(headline(result)).toMatch(/^The one promise was missed: chat p95, since 0:\d\d at \d+ users$/);
  });

  it('tells of a capacity that a rate exceeded, and that requests waited before they were sent', async () => {
    const result = await virtualLoad(
      {
        scenarios: [
          asking('chat', {
            kind: 'ramping-arrival-rate',
            startRate: 10,
            stages: [{ duration: '40s', target: 120 }],
            maxVUs: 10_000,
          }),
        ],
        objectives: [objective('chat', { p95Ms: 500 })],
        connections: 'shared',
        maxConnections: 8,
      },
      // Eight at a time, 100 ms each: 80 requests/s.
      () => ({ afterMs: 100 }),
    );
    const findings = told(result);
    expect(codes(findings)).toContain('capacity');
    const text = textOf(findings, 'capacity');
    const [, answered = ''] = /about ([\d.]+) requests\/s/.exec(text) ?? [];
    expect(Number(answered)).toBeGreaterThan(75);
    expect(Number(answered)).toBeLessThan(85);
    expect(textOf(findings, 'time-spent')).toMatch(/^Queueing, not the target's own work, took/);
    expect(textOf(findings, 'left-limit')).toMatch(/at [\d.]+ requests\/s/);
  });

  it('tells of connections whose opening took most of the time', async () => {
    const measured = await virtualLoad(
      { scenarios: [asking('chat', steady)], objectives: [objective('chat', { p95Ms: 50 })] },
      () => ({ afterMs: 100 }),
    );
    // As in a run without kept connections: before sending, 300 ms of TLS for each request.
    const [chat] = measured.operations;
    const { responseTime, phases } = chat!;
    const tlsMs = 300 * chat!.requests;
    const slow = {
      ...chat!,
      responseTime: {
        ...responseTime,
        meanMs: responseTime.meanMs! + 300,
        sumMs: responseTime.sumMs + tlsMs,
      },
      phases: { ...phases, tlsHandshaking: { ...phases.tlsHandshaking, sumMs: tlsMs } },
    };
    const [finding] = timeSpent({ ...measured, operations: [slow] });
    expect(finding?.text).toMatch(
      /^Opening connections took 75% of the mean response time of chat \(400 ms\)/,
    );
  });

  it('tells of a rate limit, what it let through, and nothing of a capacity', async () => {
    const perSecond = new Map<number, number>();
    const result = await virtualLoad(
      {
        scenarios: [asking('chat', steady)],
        objectives: [objective('chat', { errorRate: 0.01 })],
      },
      ({ atMs }) => {
        const second = Math.floor(atMs / 1000);
        const before = perSecond.get(second) ?? 0;
        perSecond.set(second, before + 1);
        return before < 20 ? { afterMs: 100 } : { status: 429, afterMs: 100 };
      },
    );
    const findings = told(result);
    expect(codes(findings)).toEqual(['left-limit', 'outcome', 'generator']);
    expect(textOf(findings, 'outcome')).toMatch(
      /^All [\d,]+ failed requests were rate limited \(429\), from 0:00 to 0:30; (19|20|20\.\d) of \d+(\.\d)? requests\/s got a good answer in that time\.$/,
    );
  });

  it('tells of a standstill, and how long requests were held', async () => {
    const result = await virtualLoad(
      {
        scenarios: [
          asking('chat', { kind: 'constant-arrival-rate', rate: 50, duration: '30s', maxVUs: 1000 }),
        ],
        objectives: [objective('chat', { p99Ms: 500 })],
      },
      ({ atMs }) => ({ afterMs: atMs >= 12_000 && atMs < 15_000 ? 15_000 - atMs + 20 : 20 }),
    );
    const findings = told(result);
    expect(codes(findings)).toContain('freeze');
    expect(textOf(findings, 'freeze')).toMatch(
      /^The target stood still from 0:12 to 0:15 \(about 3 s\): \d answers? in its first second instead of about 50, and requests of that time took up to 3,0[12]\d ms\.$/,
    );
    expect(codes(findings)).not.toContain('capacity');
    expect(codes(findings)).not.toContain('drift');
    // The intervals of a longer run are 2 s.
    const points = result.series.points.map((point) => ({
      ...point,
      atMs: 2 * point.atMs,
      durationMs: 2 * point.durationMs,
      responseTime: { ...point.responseTime, maxMs: 2 * (point.responseTime.maxMs ?? 0) },
    }));
    const [longer] = freeze({ ...result, series: { ...result.series, points } });
    expect(longer?.text).toMatch(/from 0:24 to 0:30 .* in its first 2 s instead of about 50/);
  });

  it('tells of a slow drift at unchanged load, and of no drift where there was a step', async () => {
    const run = (latencyAt: (atMs: number, path: string) => number) =>
      virtualLoad(
        { scenarios: [asking('journey', steady, ['search', 'store'])] },
        ({ atMs, number, path }) => ({ afterMs: latencyAt(atMs, path) + ((number * 7) % 10) }),
      );
    const drifted = told(await run((atMs, path) => (path === '/search' ? 50 + (atMs / 30_000) * 150 : 50)));
    expect(codes(drifted)).toContain('drift');
    expect(textOf(drifted, 'drift')).toMatch(
      /^search became slower all the time while the load stayed the same \(10 users\): its p50 was \d+(\.\d)? ms in the first third and 1\d\d ms in the last\.$/,
    );
    for (const stepMs of [10_000, 15_000, 17_000, 22_000]) {
      expect(codes(told(await run((atMs) => (atMs < stepMs ? 50 : 150))))).not.toContain('drift');
    }
  });

  it('tells of errors of one operation, and when they were', async () => {
    const result = await virtualLoad(
      {
        scenarios: [asking('journey', steady, ['search', 'store'])],
        objectives: [objective('search', { errorRate: 0.01 }), objective('store', { errorRate: 0.01 })],
      },
      ({ atMs, path, number }) =>
        path === '/store' && atMs >= 10_000 && atMs < 20_000 && number % 3 === 0
          ? { status: 503, afterMs: 50 }
          : { afterMs: 50 },
    );
    const findings = told(result);
    expect(codes(findings)).toEqual(['left-limit', 'outcome', 'generator']);
    expect(textOf(findings, 'outcome')).toMatch(
      /^All \d+ failed requests were server errors \(5xx\) of store, from 0:10 to 0:2[01]\.$/,
    );
    expect(textOf(findings, 'left-limit')).toMatch(
      /^store missed errors from 0:10 to 0:2[01], at 10 users: errors [\d.]+% \(limit 1%\)\.$/,
    );
    expect(headline(result)).toMatch(/^1 of 2 promises missed: store errors, since 0:10 at 10 users$/);
  });

  it('tells of two limits that were left at different times', async () => {
    const result = await virtualLoad(
      {
        scenarios: [asking('chat', steady)],
        objectives: [objective('chat', { p95Ms: 200, errorRate: 0.01 })],
      },
      ({ atMs, number }) => ({
        afterMs: atMs < 20_000 ? 50 : 300,
        status: atMs > 5000 && number % 20 === 0 ? 503 : 200,
      }),
    );
    expect(textOf(told(result), 'left-limit')).toMatch(
      /^chat missed errors from 0:05 on, at 10 users; p95 from 0:20 on, at 10 users: p95 3\d\d ms \(limit 200 ms\), errors /,
    );
  });

  it('tells that the generator was late, and does not clear it', () => {
    const result = structuredClone(runResult());
    Object.assign(result.health, {
      generatorLimited: true,
      reasons: ['iterations started up to 412 ms late (p99)', 'the event loop was 99% busy'],
      eventLoopUtilization: 0.99,
    });
    const findings = told(result);
    expect(codes(findings)).toEqual(['generator']);
    expect(findings[0]?.text).toBe(
      'The generator was the limit, so these response times are also its own: iterations started up to 412 ms late (p99); the event loop was 99% busy.',
    );
  });

  it('tells that arrivals were dropped', async () => {
    const result = await virtualLoad(
      {
        scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 50, duration: '20s', maxVUs: 5 })],
      },
      () => ({ afterMs: 200 }),
    );
    expect(textOf(told(result), 'generator')).toMatch(
      /^Only [45]\d(\.\d)?% of the planned arrivals were started/,
    );
  });

  it('tells that the machine was busy, also where the run passed', () => {
    const result = structuredClone(runResult());
    Object.assign(result.health.machine ?? {}, { seconds: 30, loudSeconds: 28, lostShare: 0.4 });
    result.health.machine?.processes.push({ name: 'mock', runMs: 4000, waitMs: 6000, waitShare: 0.6 });
    const findings = told(result);
    expect(codes(findings)).toEqual(['machine']);
    expect(findings[0]?.text).toBe(
      'The machine was short of processor time in 28 of 30 s: the mock waited for a processor 60% of the time it had work.',
    );
  });

  it('writes seconds of an hour as all numbers are written', () => {
    const result = structuredClone(runResult());
    Object.assign(result.health.machine ?? {}, { seconds: 3600, loudSeconds: 1400, lostShare: 0.4 });
    expect(told(result)[0]?.text).toContain('in 1,400 of 3,600 s');
    expect(healthSentence(result)).toContain('in 1,400 of 3,600 s');
    expect(healthFacts(result)).toContainEqual(['Seconds with much waiting', '1,400 of 3,600']);
  });

  it.each([
    [1, 1, 'The only failed request was a timeout'],
    [1, 2, '1 of 2 failed requests (50%) was a timeout'],
    [3, 3, 'All 3 failed requests were timeouts'],
    [3, 4, '3 of 4 failed requests (75%) were timeouts'],
  ])('says that %i of %i failures are timeouts', (timeouts, failed, sentence) => {
    const result = structuredClone(runResult());
    const none = Object.fromEntries(Object.keys(result.totals.outcomes).map((outcome) => [outcome, 0]));
    const outcomes = { ...none, timeout: timeouts, connection_error: failed - timeouts };
    Object.assign(result.totals, { failed, failureShare: 0.5, outcomes });
    const finding = told(result).find(({ code }) => code === 'outcome');
    expect(finding?.text.slice(0, sentence.length)).toBe(sentence);
  });

  it.each(['not-valid', 'fail'] as const)(
    'does not clear the generator where few loud seconds can explain a miss: %s',
    (status) => {
      const result = structuredClone(hostileRun());
      Object.assign(result.health.machine!, { seconds: 60, loudSeconds: 5, lostShare: 0.075 });
      result.objectives.forEach((each) => {
        if (each.status === 'fail') each.status = 'machine-limited';
      });
      if (status === 'not-valid') result.thresholds = [];
      const reason = { code: 'machine-limited', text: 'the machine can have made this result: figures' };
      result.verdict = { status, reasons: status === 'fail' ? [] : [reason] };
      const short = 'he machine was short of processor time in 5 of 60 s: ';
      const findings = told(result);
      expect(codes(findings)).not.toContain('generator');
      expect(textOf(findings, 'machine')).toContain(short);
      expect(healthSentence(result)).toContain(short);
      expect([healthMatters(result), healthSign(result)]).toEqual([true, 'warn']);
      expect(renderText(result)).toMatch(
        /GENERATOR\n.* ! The machine was short of processor time in 5 of 60/,
      );
      const reasons = (shownFindings: typeof findings) =>
        reasonsOf(result, shownFindings).shown.map(({ text }) => text);
      expect(reasons(findings)).not.toContain(reason.text);
      expect(reasons([]).includes(reason.text)).toBe(status === 'not-valid');
    },
  );

  it('has no figures of a machine that is not known', () => {
    const result = structuredClone(runResult());
    result.objectives[0]!.status = 'machine-limited';
    result.health.machine = null;
    expect(healthSentence(result)).toBe('Waiting for a processor can explain promises that failed.');
  });

  it('names in the headline of a failed run only what nothing excuses, and counts the rest', () => {
    const result = structuredClone(runResult());
    const [first, second, third] = result.objectives;
    for (const each of [first!, second!]) each.status = 'machine-limited';
    third!.status = 'fail';
    result.verdict = { status: 'fail', reasons: [{ code: 'objective', text: 'it failed' }] };
    expect(headline(result)).toBe(
      '1 of 19 promises missed: chat.send errors; 2 more failed, which waiting for a processor can explain',
    );
    const named = reasonsOf(result, []).shown.filter(({ text }) => text.includes('limited by the machine'));
    expect(named.length).toBeGreaterThan(0);
    third!.status = 'pass';
    result.verdict.reasons = [{ code: 'dropped', text: 'arrivals were dropped' }];
    expect(headline(result)).toBe('Arrivals were dropped');
  });

  it('tells of a merged run which machine was busy', () => {
    const result = structuredClone(runResult());
    const quiet = result.health.machine!;
    result.health.machine = null;
    result.health.machines = [
      { part: 'part 1/2', machine: quiet, machineCpuShare: null },
      {
        part: 'part 2/2',
        machine: { ...quiet, seconds: 30, loudSeconds: 28, lostShare: 0.4 },
        machineCpuShare: 0.97,
      },
    ];
    const [finding] = told(result);
    expect(finding?.text).toMatch(/^The machine of part 2\/2 was short of processor time in 28 of 30 s/);
    expect(finding?.evidence[0]?.pointer).toBe('/health/machines/1/machine/loudSeconds');
    expect(healthSentence(result)).toMatch(/^The machine of part 2\/2 .*; its processors were 97% busy/);
    expect(healthFacts(result)).toContainEqual(['Seconds with much waiting, part 2/2', '28 of 30']);
  });

  it('names the statistic of a missed threshold in the headline, without its limit', () => {
    const missed = (expression: string, metric = 'http_req_duration'): string => {
      const result = runResult();
      const [first] = result.thresholds;
      return headline({
        ...result,
        objectives: [],
        thresholds: [{ ...first!, metric, expression, status: 'fail', scenario: null }],
        verdict: { status: 'fail', reasons: [{ code: 'threshold', text: 'it failed' }] },
      });
    };
    expect(missed('p(95)<90')).toMatch(
      /^The one promise was missed: all requests http_req_duration p95(,|$)/,
    );
    expect(missed('p(99.9) <= 90')).toMatch(/ http_req_duration p99\.9(,|$)/);
    expect(missed('rate<0.01', 'http_req_failed')).toMatch(/ http_req_failed(,|$)/);
  });

  it('has a short headline where the machine can have made the run fail', () => {
    const result = structuredClone(hostileRun());
    result.verdict = {
      status: 'not-valid',
      reasons: [{ code: 'machine-limited', text: 'long '.repeat(99) }],
    };
    expect(headline(result)).toBe('17 of 19 promises failed, and waiting for a processor can explain it');
  });

  it('is at most five sentences of a run with many troubles, and none of a run without requests', () => {
    expect(codes(told(hostileRun()))).toContain('left-limit');
    expect(told(emptyRun())).toEqual([]);
  });
});
