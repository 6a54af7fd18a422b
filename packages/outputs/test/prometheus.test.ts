import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { RunMetrics } from '../src/metrics/run-metrics.ts';
import { prometheusOutput } from '../src/prometheus/prometheus-output.ts';
import { writeText } from '../src/prometheus/text-format.ts';
import { freePort } from '../../../tools/free-port.ts';
import { madeResult, madeRun, madeSecond, madeTotals } from './support/made-run.ts';

const promtool = requirePeer('promtool');

function played(seconds: number, tags: Readonly<Record<string, string>> = {}): RunMetrics {
  const metrics = new RunMetrics(madeRun(tags), 5000);
  for (let second = 0; second < seconds; second++) metrics.add(madeSecond(second, 1e12));
  return metrics;
}

/** Values of all lines whose name and labels match. */
function valuesOf(text: string, start: RegExp): number[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#') && start.test(line))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('the names of locust_exporter', () => {
  const shown = (seconds: number): string => {
    const metrics = new RunMetrics(madeRun(), 5000, true);
    for (let second = 0; second < seconds; second++) metrics.add(madeSecond(second, 1e12));
    return writeText(metrics.collect(), 'text');
  };

  it('are there only if asked for', () => {
    expect(writeText(played(3).collect(), 'text')).not.toContain('locust_');
  });

  it('have the counts of the run by name and method, and of all together', () => {
    const text = shown(7);
    const { requests, failed } = madeTotals(7);
    expect(valuesOf(text, /^locust_requests_num_requests\{.*name="Aggregated"/)).toEqual([requests]);
    expect(sum(valuesOf(text, /^locust_requests_num_requests\{.*method="/))).toBe(requests);
    expect(valuesOf(text, /^locust_requests_num_failures\{.*name="Aggregated"/)).toEqual([failed]);
    expect(valuesOf(text, /^locust_requests_fail_ratio/)).toEqual([failed / requests]);
    const [perSecond] = valuesOf(text, /^locust_requests_current_rps\{.*name="Aggregated"/);
    const last5 = requests - madeTotals(2).requests;
    expect(perSecond).toBeCloseTo(last5 / 5, 6);
    const [fastest] = valuesOf(text, /^locust_requests_min_response_time\{.*name="chat.send"/);
    expect(fastest).toBeCloseTo(100, 0);
    expect(valuesOf(text, /^locust_users/)).toEqual([20]);
  });

  it('say that it is running, in the number of the exporter, until the last second', () => {
    const metrics = new RunMetrics(madeRun(), 5000, true);
    const running = (): readonly number[] =>
      valuesOf(writeText(metrics.collect(), 'text'), /^locust_running/);
    metrics.add(madeSecond(0, 1e12));
    expect(running()).toEqual([2]);
    metrics.add({ ...madeSecond(1, 1e12), last: true });
    expect(running()).toEqual([0]);
  });

  it.skipIf(promtool === undefined)(
    'are valid; promtool finds fault with one name of the exporter only',
    () => {
      const { stdout, stderr } = spawnSync(promtool!, ['check', 'metrics'], { input: shown(3) });
      const names = `${String(stdout)}${String(stderr)}`
        .trim()
        .split('\n')
        .map((line) => line.split(' ', 1)[0]);
      expect(names).toEqual(['locust_requests_current_fail_per_sec']);
    },
  );
});

describe('the metrics of a run', () => {
  it('show every counter with 0 before the first request', () => {
    const text = writeText(played(0).collect(), 'text');
    const requests = valuesOf(text, /^jarvis_load_requests_total/);
    expect(requests).toHaveLength(3 * 9);
    expect(sum(requests)).toBe(0);
    expect(valuesOf(text, /^k6_http_reqs_total/)).toHaveLength(3 * 9);
    expect(valuesOf(text, /^jarvis_load_response_time_seconds_bucket.*chat\.send.*result="ok"/)).toHaveLength(
      21,
    );
    expect(valuesOf(text, /^jarvis_load_threshold_limit/)).toEqual([0.5]);
  });

  it('add up to the run, in our names and in those of k6', () => {
    const { requests, failed, dropped } = madeTotals(7);
    const text = writeText(played(7).collect(), 'text');
    expect(sum(valuesOf(text, /^jarvis_load_requests_total/))).toBe(requests);
    expect(sum(valuesOf(text, /^k6_http_reqs_total/))).toBe(requests);
    expect(sum(valuesOf(text, /^k6_http_reqs_total.*expected_response="false"/))).toBe(failed);
    expect(sum(valuesOf(text, /^jarvis_load_response_time_seconds_count/))).toBe(requests);
    expect(sum(valuesOf(text, /^jarvis_load_response_time_seconds_bucket.*le="\+Inf"/))).toBe(requests);
    expect(valuesOf(text, /^k6_dropped_iterations_total/)).toEqual([dropped]);
    expect(valuesOf(text, /^k6_vus\{/)).toEqual([2 * 10]);
  });

  it('count a value in the first bucket whose bound it does not exceed', () => {
    // chat.send of second 0 answers in 100.05 to 109.05 ms.
    const text = writeText(played(1).collect(), 'text');
    const of = (le: string) =>
      valuesOf(
        text,
        new RegExp(`^jarvis_load_response_time_seconds_bucket.*chat\\.send.*result="ok".*le="${le}"`),
      );
    expect([...of('0\\.1'), ...of('0\\.2'), ...of('60\\.0')]).toEqual([0, 10, 10]);
  });

  it('describe the last window, not the run so far', () => {
    const text = writeText(played(20).collect(), 'text');
    // Seconds 15 to 19 of chat.send: 25 to 29 answers from 100 ms on, a millisecond apart.
    const stat = (name: string) =>
      valuesOf(text, new RegExp(`^k6_http_req_duration_${name}\\{.*name="chat\\.send".*status="2xx"`));
    expect(stat('count')).toEqual([25 + 26 + 27 + 28 + 29]);
    expect(stat('min')).toEqual([0.1]);
    expect(stat('max')).toEqual([0.128]);
    const [failed, all] = [
      3 * (0 + 1 + 2 + 0 + 1),
      sum([15, 16, 17, 18, 19].map((second) => 33 + 3 * second + 3 * (second % 3))),
    ];
    expect(valuesOf(text, /^k6_http_req_failed_rate/)).toEqual([failed / all]);
    expect(valuesOf(text, /^k6_checks_rate.*check="answered"/)).toEqual([0.9]);
  });

  it('take tags of the run as labels, without hiding ours', () => {
    const text = writeText(
      played(1, { testid: 'nightly', 'my team': 'a"b\\c\nd', scenario: 'x' }).collect(),
      'text',
    );
    expect(text).toContain('k6_vus{my_team="a\\"b\\\\c\\nd",tag_scenario="x",testid="nightly"} 8\n');
  });

  it('end with the verdict', () => {
    const metrics = played(2);
    metrics.end(madeResult());
    const text = writeText(metrics.collect(), 'text');
    expect(valuesOf(text, /^jarvis_load_verdict\{.*verdict="pass"/)).toEqual([1]);
    expect(valuesOf(text, /^jarvis_load_threshold_value/)).toEqual([0.26]);
    expect(valuesOf(text, /^jarvis_load_threshold_ok/)).toEqual([1]);
  });

  it('have no old status of a threshold that is no longer decided; absent until it is once', () => {
    const undecided = madeResult();
    Object.assign(undecided.thresholds[0]!, { status: 'machine-limited' });
    const statusOf = (metrics: RunMetrics) => {
      metrics.end(undecided);
      return valuesOf(writeText(metrics.collect(), 'text'), /^jarvis_load_threshold_ok/);
    };
    expect(statusOf(played(1))).toEqual([Number.NaN]);
    expect(statusOf(played(0))).toEqual([]);
  });

  it.skipIf(promtool === undefined)('have nothing that promtool finds fault with', () => {
    for (const metrics of [played(0), played(5)]) {
      const { status, stdout, stderr } = spawnSync(promtool!, ['check', 'metrics'], {
        input: writeText(metrics.collect(), 'text'),
        encoding: 'utf8',
      });
      expect(stdout + stderr).toBe('');
      expect(status).toBe(0);
    }
  });
});

describe('the page', () => {
  const context = {
    name: 'prometheus',
    cwd: '.',
    environment: {},
    required: true,
    intervalMs: 5000,
    nativeHistograms: false,
    locustNames: false,
    tell: () => undefined,
  };
  let port = 0;
  beforeEach(async () => {
    port = await freePort();
  });
  const get = async (path = '/metrics', headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };

  it('answers in the format that the scraper asks for, and keeps the last values for one scrape', async () => {
    const output = prometheusOutput('127.0.0.1', port, context);
    await output.start(madeRun());
    expect((await get('/')).status).toBe(404);
    expect((await get()).type).toContain('text/plain; version=0.0.4');
    output.second(madeSecond(0, 1e12, true));
    const open = await get('/metrics', { accept: 'application/openmetrics-text;version=1.0.0' });
    expect(open.type).toContain('application/openmetrics-text; version=1.0.0');
    expect(open.text).toMatch(/# TYPE jarvis_load_requests counter\n[^]*\n# EOF\n$/);
    const stopped = output.stop(madeResult());
    expect((await get()).text).toContain('jarvis_load_verdict{testid="made-run",verdict="pass"} 1');
    await stopped;
    await expect(get()).rejects.toThrow('fetch failed');
  });

  it('gives the zeros of the start to the first scrape, however late, and what stands now to a person', async () => {
    const output = prometheusOutput('127.0.0.1', port, context);
    await output.start(madeRun());
    output.second(madeSecond(0, 1e12, true));
    const requests = ({ text }: { text: string }) => sum(valuesOf(text, /^jarvis_load_requests_total\{/));
    const scrape = () => get('/metrics', { 'x-prometheus-scrape-timeout-seconds': '10' });
    const now = requests(await get());
    expect(now).toBeGreaterThan(0);
    expect(requests(await scrape())).toBe(0);
    expect(requests(await scrape())).toBe(now);
    const stopped = output.stop(madeResult());
    expect(requests(await scrape())).toBe(now);
    await stopped;
  });

  it('gives each scraper a 0 of each counter and histogram first, also of those that begin during the run', async () => {
    const output = prometheusOutput('127.0.0.1', port, context);
    await output.start(madeRun());
    const scrape = async (agent: string) =>
      (await get('/metrics', { 'x-prometheus-scrape-timeout-seconds': '10', 'user-agent': agent })).text;
    const late = [
      'jarvis_load_responses_total',
      'jarvis_load_checks_total',
      'jarvis_load_tagged_requests_total',
      'jarvis_load_tagged_response_time_seconds_bucket',
      'jarvis_load_group_duration_seconds_count',
    ];
    const sums = (text: string) => late.map((name) => sum(valuesOf(text, new RegExp(`^${name}\\{`))));
    const requests = (text: string) => sum(valuesOf(text, /^jarvis_load_requests_total\{/));
    expect(requests(await scrape('a'))).toBe(0);
    output.second(madeSecond(0, 1e12));
    const first = await scrape('a');
    expect(valuesOf(first, /^jarvis_load_checks_total\{/)).toEqual([0, 0]);
    expect(sums(first)).toEqual(late.map(() => 0));
    expect(requests(first)).toBe(madeTotals(1).requests);
    const [again, other] = [await scrape('a'), await scrape('b')];
    expect(sums(again).filter((value) => value === 0)).toEqual([]);
    expect([requests(other), ...sums(other)]).toEqual([0, ...late.map(() => 0)]);
    expect(valuesOf(other, /^jarvis_load_users\{/)).toEqual(valuesOf(again, /^jarvis_load_users\{/));
    const stopped = output.stop(madeResult());
    for (const agent of ['a', 'b']) expect(requests(await scrape(agent))).toBe(madeTotals(1).requests);
    await stopped;
  });

  it('gives the zeros again after a scrape that was cut off', async () => {
    const output = prometheusOutput('127.0.0.1', port, context);
    // A page larger than what the system takes for one that does not read.
    await output.start(madeRun({ note: 'x'.repeat(30_000) }));
    output.second(madeSecond(0, 1e12));
    const headers = { 'x-prometheus-scrape-timeout-seconds': '10', 'user-agent': 'a' };
    const socket = connect(port, '127.0.0.1');
    socket.write(
      ['GET /metrics HTTP/1.1', 'host: x', ...Object.entries(headers).map((each) => each.join(': '))].join(
        '\r\n',
      ) + '\r\n\r\n',
    );
    await once(socket, 'readable');
    socket.destroy();
    const requests = ({ text }: { text: string }) => sum(valuesOf(text, /^jarvis_load_requests_total\{/));
    expect(requests(await get('/metrics', headers))).toBe(0);
    expect(requests(await get('/metrics', headers))).toBe(madeTotals(1).requests);
    await output.stop(undefined);
  });

  it('gives the last values to a first scrape after the end', async () => {
    const output = prometheusOutput('127.0.0.1', port, context);
    await output.start(madeRun());
    output.second(madeSecond(0, 1e12, true));
    const stopped = output.stop(madeResult());
    const { text } = await get('/metrics', { 'x-prometheus-scrape-timeout-seconds': '10' });
    expect(sum(valuesOf(text, /^jarvis_load_requests_total\{/))).toBeGreaterThan(0);
    await stopped;
  });

  it('keeps the last values for the monitoring system while a person looks', async () => {
    const output = prometheusOutput('127.0.0.1', port, context);
    await output.start(madeRun());
    const scrape = () => get('/metrics', { 'x-prometheus-scrape-timeout-seconds': '10' });
    await scrape();
    const stopped = output.stop(madeResult());
    for (const read of [get, get, scrape])
      expect((await read()).text).toContain('jarvis_load_verdict{testid="made-run",verdict="pass"} 1');
    await stopped;
  });

  it('waits for no scrape where the process makes several runs, and goes on showing the last values', async () => {
    const output = prometheusOutput('127.0.0.1', port, { ...context, manyRuns: true });
    expect(output.serves).toBe(true);
    await output.start(madeRun());
    output.second(madeSecond(0, 1e12, true));
    await output.stop(madeResult());
    expect((await get()).text).toContain('jarvis_load_verdict{testid="made-run",verdict="pass"} 1');
  });

  it('says when nobody read the last values', async () => {
    const output = prometheusOutput('127.0.0.1', port, context);
    await output.start(madeRun());
    await expect(output.stop(madeResult('aborted'))).rejects.toThrow('nobody scraped it');
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:'],
    ['::1', 'http://[::1]:'],
  ])('says at which port of %s it is, where the system chose one', async (host, start) => {
    const told: string[] = [];
    const output = prometheusOutput(host, 0, {
      ...context,
      tell: (_: string, text: string) => void told.push(text),
    });
    await output.start(madeRun());
    try {
      expect(told).toEqual([expect.stringContaining(start)]);
      const answer = await fetch(told[0]!.slice(told[0]!.indexOf('http')));
      expect(await answer.text()).toContain('# TYPE');
    } finally {
      await output.stop(undefined);
    }
  });

  it('refuses a port that is taken', async () => {
    const first = prometheusOutput('127.0.0.1', port, context);
    await first.start(madeRun());
    await expect(prometheusOutput('127.0.0.1', port, context).start(madeRun())).rejects.toThrow('EADDRINUSE');
    await first.stop(undefined);
  });
});
