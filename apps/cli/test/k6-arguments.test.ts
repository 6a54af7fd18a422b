import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findK6 } from '@jarvis-load/k6-scenarios';
import { requirePeer } from '../../../tools/peers.ts';
import { CliError } from '../src/cli-error.ts';
import { K6_FLAG_LIST } from '../src/k6/k6-flag-list.ts';
import { readK6Arguments, refuseOwnLoad, replacesLoad, writeK6Arguments } from '../src/k6/read-arguments.ts';
import { endOfK6, exitNameOfK6 } from '../src/k6/exit-of-k6.ts';
import { wordOfExit, worstExit } from '../src/k6/worst-exit.ts';

const CEILINGS = { maxUsers: 5, maxRate: 10, maxDurationMs: 60_000 };

describe('arguments for k6', () => {
  it.each([
    [['--vus=50'], ['--vus=50']],
    [['--vus', '50'], ['--vus=50']],
    [['-u50'], ['--vus=50']],
    [['-u=50'], ['--vus=50']],
    [['-u', '50'], ['--vus=50']],
    [
      ['-qu', '1000'],
      ['--quiet', '--vus=1000'],
    ],
    [['-qvu1000'], ['--quiet', '--verbose', '--vus=1000']],
    [['--stage', '1m:99'], ['--stage=1m:99']],
    [['-i=9'], ['--iterations=9']],
    [
      ['-qd', '9h'],
      ['--quiet', '--duration=9h'],
    ],
  ])(
    '%j replace the load, whichever way they are written: refused where there are ceilings',
    (args, written) => {
      const read = readK6Arguments(args);
      expect(writeK6Arguments(read)).toEqual(written);
      expect(replacesLoad(read)).toBe(true);
      expect(() => refuseOwnLoad(read, undefined)).not.toThrow();
      expect(() => refuseOwnLoad(read, CEILINGS)).toThrow(/replaces the load of the test/);
    },
  );

  it.each([
    [['--out', 'influxdb=http://localhost:8086/k6'], ['--out=influxdb=http://localhost:8086/k6']],
    [['-o', 'web-dashboard'], ['--out=web-dashboard']],
    [['--tag', 'a=b'], ['--tag=a=b']],
    [['--http-debug'], ['--http-debug']],
    [
      ['--http-debug=full', '-q'],
      ['--http-debug=full', '--quiet'],
    ],
    [
      ['--log-output=stdout', '--log-format', 'json'],
      ['--log-output=stdout', '--log-format=json'],
    ],
    [['--summary-trend-stats=avg,p(99)'], ['--summary-trend-stats=avg,p(99)']],
    [['--address', 'localhost:0'], ['--address=localhost:0']],
  ])('%j pass', (args, written) => {
    const read = readK6Arguments(args);
    expect(writeK6Arguments(read)).toEqual(written);
    expect(() => refuseOwnLoad(read, CEILINGS)).not.toThrow();
    expect(replacesLoad(read)).toBe(false);
  });

  const env = 'JARVIS_LOAD_TARGET=http://elsewhere';
  it.each([
    [['-e', env], '-e JARVIS_LOAD_TARGET'],
    [['-qe', env], '-e JARVIS_LOAD_TARGET'],
    [['-qve', env], '-e JARVIS_LOAD_TARGET'],
    [[`-e${env}`], '-e JARVIS_LOAD_TARGET'],
    [[`-qe=${env}`], '-e JARVIS_LOAD_TARGET'],
    [['--env', env], '--env JARVIS_LOAD_TARGET'],
    [[`--env=${env}`], '--env JARVIS_LOAD_TARGET'],
    [['--out', 'json=x', '-e', env], '-e JARVIS_LOAD_TARGET'],
    [['-c', 'hosts.json'], '-c of k6'],
    [['-qc', 'hosts.json'], '-c of k6'],
    [['--config=hosts.json'], '--config of k6'],
    [['--dns=ttl=0'], '--dns of k6'],
    [['--max-redirects', '5'], '--max-redirects of k6'],
    [['--insecure-skip-tls-verify'], '--insecure-skip-tls-verify of k6'],
    [['--secret-source=file=x'], '--secret-source of k6'],
    [['--no-thresholds'], '--no-thresholds of k6'],
    [['--summary-mode=disabled'], '--summary-mode disabled'],
    [['--no-summary'], '--no-summary of k6'],
    [['--address=0.0.0.0:6565'], '0.0.0.0:6565'],
    [['--address', ':6565x'], ':6565x'],
    // Go listens on every address then.
    [['--address=:6565'], ':6565'],
    [['-pq'], '-p of k6'],
    [['--', 'other.js'], '"--"'],
    [['other.js'], '"other.js"'],
    [['-q', 'other.js'], '"other.js"'],
    [['-'], '"-"'],
    [['--no-such-flag'], '--no-such-flag'],
    [['--constructor=1'], '--constructor'],
    [['--__proto__'], '--__proto__'],
    [['-x'], '-x'],
    [['-qx'], '-x'],
    [['--out=prometheus=:9464'], 'here --out is that of k6'],
    [['-o', 'otlp=http://h'], '-o otlp is an output of jarvis-load load'],
    [['--vus'], '--vus of k6 needs a value'],
    [['-u'], '-u of k6 needs a value'],
  ])('%j is refused by name', (args, named) => {
    expect(() => readK6Arguments(args)).toThrow(CliError);
    expect(() => readK6Arguments(args)).toThrow(named);
  });

  it.each([
    ['--out', 'influxdb=http://u:hunter2@h:8086/k6', 'K6_INFLUXDB_USERNAME and K6_INFLUXDB_PASSWORD'],
    ['-o', 'influxdb=https://hunter2@h/k6', 'K6_INFLUXDB_USERNAME'],
    ['-o', 'constructor=https://hunter2@h/k6', 'variables of k6'],
    ['--out', 'experimental-prometheus-rw=http://u:hunter2@h/w', 'K6_PROMETHEUS_RW_USERNAME'],
    ['--out', 'other=http://u:hunter2@h', 'variables of k6'],
    ['--out', 'xk6-kafka=brokers=h:9092,topic=k6,user=u,password=hunter2', 'variables of k6'],
    ['--out', 'other=apiKey=hunter2', 'variables of k6'],
    ['--out', 'influxdb=http://h:8086/k6?u=a&access_token=hunter2', 'K6_INFLUXDB_USERNAME'],
    ['--out', 'xk6-kafka=sasl.password=hunter2', 'variables of k6'],
    ['--log-output', 'loki=http://h/push?secretKey=hunter2', 'an address that needs none'],
    ['--log-output', 'loki=http://u:hunter2@h/push', 'an address that needs none'],
    ['--log-output', 'loki=http://h/push,header.Authorization=hunter2', 'an address that needs none'],
  ])('%s %s is refused without showing the login, and says where k6 reads it', (flag, value, where) => {
    const refused = (): unknown => {
      try {
        return readK6Arguments([flag, value]);
      } catch (error) {
        return error;
      }
    };
    expect(refused()).toBeInstanceOf(CliError);
    const { message, expected } = refused() as CliError;
    expect(expected).toContain(where);
    expect(message + expected).not.toContain('hunter2');
  });

  it.each([
    ['--out', 'json=me@home.json'],
    ['--out', 'influxdb=http://h:8086/k6?tagsAsFields=a@b'],
    ['--out', 'other=partitionKey=a,max_tokens=5,password='],
    ['--log-output', 'loki=http://h/push,header.X-Scope-OrgID=team'],
  ])('%s %s holds no login', (flag, value) => {
    expect(readK6Arguments([flag, value])).toHaveLength(1);
  });

  it('that are mistyped flags of ours say which was meant', () => {
    try {
      readK6Arguments(['--time-scal=0.1']);
      expect.unreachable();
    } catch (error) {
      expect((error as CliError).expected).toBe('did you mean --time-scale?');
    }
  });

  const known = requirePeer('k6');
  it.skipIf(known === undefined)('are read as the real k6 declares them', () => {
    const help = spawnSync(known!, ['run', '--help'], { encoding: 'utf8' }).stdout;
    const declared = [...help.matchAll(/^ {2,6}(?:-(\w), )?--([a-z-]+)( \w+|\[=|string\[=)?/gm)];
    expect(declared.length).toBeGreaterThan(40);
    for (const [, short, name = '', value] of declared) {
      const flag = K6_FLAG_LIST[name];
      expect(flag, name).toBeDefined();
      expect(flag?.short, name).toBe(short);
      if (name === 'http-debug' || name === 'include-system-env-vars') continue;
      expect(flag?.value, name).toBe(value === undefined ? 'none' : 'required');
    }
  });
});

describe('exit codes of k6', () => {
  it.each([
    [0, 'pass', 'completed'],
    [99, 'failed', 'completed'],
    [100, 'unreachable', 'error'],
    [104, 'usage', 'error'],
    [105, 'not-valid', 'aborted'],
    [107, 'internal', 'error'],
    [108, 'not-valid', 'aborted'],
    [255, 'usage', 'error'],
    [42, 'internal', 'error'],
  ])('%d is %s, and the run is %s', (code, name, end) => {
    expect(exitNameOfK6({ exitCode: code, abort: undefined })).toBe(name);
    expect(endOfK6({ exitCode: code, abort: undefined }, undefined).kind).toBe(end);
  });

  it('108 with our marker is what the marker says', () => {
    const abort = { code: 'unreachable', text: 'nothing listens there' } as const;
    expect(exitNameOfK6({ exitCode: 108, abort })).toBe('unreachable');
    expect(endOfK6({ exitCode: 108, abort }, undefined)).toEqual({
      kind: 'setup-failed',
      reason: 'nothing listens there',
    });
  });

  it.each([
    [0, 'PASS'],
    [99, 'FAIL'],
    [98, 'NOT VALID'],
    [3, 'UNREACHABLE'],
    [4, 'NOT ALLOWED'],
    [130, 'interrupted'],
    [1, 'ERROR'],
    [2, 'ERROR'],
  ])('%d of one of several tests is said as %s', (code, word) => {
    expect(wordOfExit(code)).toBe(word);
  });

  it('of several tests the worst counts', () => {
    expect(worstExit([0, 0])).toBe(0);
    expect(worstExit([0, 99, 98])).toBe(98);
    expect(worstExit([99, 3, 2])).toBe(3);
    expect(worstExit([99, 129])).toBe(129);
  });
});

describe('a machine without k6', () => {
  it('says how to get it', () => {
    expect(() => findK6(['/nowhere'], { PATH: '/nowhere' })).toThrow(
      /k6 is neither on the PATH nor in \.peers\/bin.*npm run setup:peers/,
    );
  });
});
