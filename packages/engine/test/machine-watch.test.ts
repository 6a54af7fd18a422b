import { describe, expect, it } from 'vitest';
import { cpuStatPaths } from '../src/machine/control-group.ts';
import { MachineRecord } from '../src/machine/machine-record.ts';
import { MachineWatch } from '../src/machine/machine-watch.ts';
import type { MachineSecond } from '../src/model/run-snapshot.ts';
import { systemProcFiles } from '../src/machine/proc-files.ts';
import { parsePressure, parseSchedstat, parseStat, parseThrottled } from '../src/machine/proc-text.ts';
import { RecordedMachine, type Recording } from './fixtures/recorded-machine.ts';

/** Debian 12 on Linux 6.1: version 2 alone, pressure and steal. */
const DEBIAN_12 = {
  '/proc/stat':
    'cpu  28611 12 9033 1409211 1180 0 311 150 0 0\ncpu0 14310 6 4500 704600 590 0 200 75 0 0\nintr 1 2 3\n',
  '/proc/pressure/cpu':
    'some avg10=1.53 avg60=0.87 avg300=0.25 total=11220657\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  '/proc/self/cgroup': '0::/system.slice/docker-4b.scope\n',
  '/proc/self/mountinfo':
    '22 27 0:21 / /proc rw,relatime - proc proc rw\n' +
    '30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n',
};
const SCOPE = '/sys/fs/cgroup/system.slice/docker-4b.scope/cpu.stat';

const tasks = (process: string, threads: Readonly<Record<string, string>>): Recording =>
  Object.fromEntries(
    Object.entries(threads).map(([id, text]) => [`/proc/${process}/task/${id}/schedstat`, text]),
  );

describe('texts of /proc', () => {
  it.each([
    ['1072672 17374228 2\n', { runNs: 1_072_672, waitNs: 17_374_228 }],
    ['0 0 0\n', undefined],
    ['', undefined],
    ['1 2', undefined],
    ['a b c', undefined],
  ])('schedstat %j', (text, times) => {
    expect(parseSchedstat(text)).toEqual(times);
  });

  it.each([
    [DEBIAN_12['/proc/stat'], { busy: 28_611 + 12 + 9033 + 311, steal: 150 }],
    // Linux 2.6.10 had no steal.
    ['cpu  10 1 2 100 3 4 5\n', { busy: 22, steal: 0 }],
    ['intr 5\n', undefined],
    ['', undefined],
  ])('stat %j', (text, ticks) => {
    expect(parseStat(text)).toEqual(ticks);
  });

  it.each([
    [DEBIAN_12['/proc/pressure/cpu'], 11_220_657],
    // Linux 5.2 to 5.12 had no line "full" for processors.
    ['some avg10=0.00 avg60=0.00 avg300=0.00 total=42\n', 42],
    ['', undefined],
  ])('pressure %j', (text, us) => {
    expect(parsePressure(text)).toBe(us);
  });

  it.each([
    ['nr_periods 45\nnr_throttled 45\nthrottled_time 3354538451\nnr_bursts 0\nburst_time 0\n', 3354.538451],
    ['usage_usec 90\nuser_usec 60\nsystem_usec 30\nnr_periods 9\nnr_throttled 3\nthrottled_usec 2500\n', 2.5],
    ['usage_usec 90\nuser_usec 60\nsystem_usec 30\n', undefined],
  ])('cpu.stat %j', (text, ms) => {
    expect(parseThrottled(text)).toBe(ms);
  });
});

describe('the control group that can hold the process', () => {
  const paths = (group: string, mounts: string) =>
    cpuStatPaths(new RecordedMachine({ '/proc/self/cgroup': group, '/proc/self/mountinfo': mounts }));

  it('is its own and those above it, version 2', () => {
    expect(cpuStatPaths(new RecordedMachine(DEBIAN_12))).toEqual([
      SCOPE,
      '/sys/fs/cgroup/system.slice/cpu.stat',
      '/sys/fs/cgroup/cpu.stat',
    ]);
  });

  it('is that of the cpu controller, version 1, and not the unified one beside it', () => {
    expect(
      paths(
        '4:memory:/a\n1:cpu:/limited\n0::/\n',
        '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n' +
          '33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct\n' +
          '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n',
      ),
    ).toEqual(['/sys/fs/cgroup/cpu/limited/cpu.stat', '/sys/fs/cgroup/cpu/cpu.stat']);
  });

  it('is found where controllers share a mount, and a container sees only its own part', () => {
    expect(
      paths(
        '6:cpu,cpuacct:/docker/5f0c\n',
        '40 30 0:33 /docker/5f0c /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:11 - cgroup cgroup rw,cpu,cpuacct\n',
      ),
    ).toEqual(['/sys/fs/cgroup/cpu,cpuacct/cpu.stat']);
  });

  it('is the mounted one when a container has a namespace of its own', () => {
    expect(paths('0::/\n', '30 23 0:26 / /sys/fs/cgroup ro,relatime - cgroup2 cgroup rw\n')).toEqual([
      '/sys/fs/cgroup/cpu.stat',
    ]);
  });

  it.each([
    ['without control groups', '', ''],
    ['without a mounted hierarchy', '0::/user.slice\n', '22 27 0:21 / /proc rw - proc proc rw\n'],
  ])('is none %s', (_, group, mounts) => {
    expect(paths(group, mounts)).toEqual([]);
  });
});

/** A watch with the record that its intervals go into. */
class WatchedMachine {
  readonly #record = new MachineRecord();
  readonly #watch: MachineWatch;

  constructor(...parameters: ConstructorParameters<typeof MachineWatch>) {
    this.#watch = new MachineWatch(...parameters);
  }

  begin(): void {
    this.#watch.begin();
  }

  sample(durationMs: number): MachineSecond {
    const now = this.#watch.sample(durationMs);
    this.#record.push(now);
    return now.second;
  }

  result() {
    return this.#record.result();
  }

  end(): void {
    this.#watch.end();
  }
}

describe('a machine', () => {
  it('is measured from one interval to the next, every process apart', () => {
    const files = new RecordedMachine(
      {
        ...DEBIAN_12,
        [SCOPE]: 'usage_usec 1\nnr_throttled 0\nthrottled_usec 0\n',
        ...tasks('self', { 10: '100000000 5000000 20\n', 11: '1000000 0 2\n' }),
        ...tasks('77', { 77: '50000000 0 9\n' }),
      },
      {
        ...DEBIAN_12,
        '/proc/stat': 'cpu  28691 12 9043 1409300 1180 0 311 160 0 0\n',
        '/proc/pressure/cpu': 'some avg10=1.53 avg60=0.87 avg300=0.25 total=11720657\n',
        [SCOPE]: 'usage_usec 1\nnr_throttled 4\nthrottled_usec 20000\n',
        // Thread 11 has ended, 12 is new.
        ...tasks('self', { 10: '300000000 95000000 60\n', 12: '10000000 10000000 5\n' }),
        ...tasks('77', { 77: '150000000 100000000 19\n' }),
      },
    );
    const record = new WatchedMachine([{ name: 'mock', pid: 77 }], files);
    record.begin();
    files.next();
    expect(record.sample(1000)).toEqual({
      durationMs: 1000,
      runMs: 200 + 10 + 100,
      waitMs: 90 + 10 + 100,
      longestWaitMs: 90 + 100,
      throttledMs: 20,
      stolenMs: 100,
      stealShare: 0.1,
      pressureShare: 0.5,
    });
    record.sample(1000);
    record.end();
    expect(record.result()).toEqual({
      processes: [
        { name: 'generator', runMs: 210, waitMs: 100, waitShare: 100 / 310 },
        { name: 'mock', runMs: 100, waitMs: 100, waitShare: 0.5 },
      ],
      pressureShare: 0.25,
      stealShare: 0.05,
      throttledMs: 20,
      seconds: 2,
      loudSeconds: 1,
      lostShare: 0.145,
    });
    expect(files.openFiles).toBe(0);
  });

  it('without pressure and control groups is measured as far as it tells', () => {
    const files = new RecordedMachine(
      { '/proc/stat': 'cpu  10 1 2 100 3 4 5\n', ...tasks('self', { 10: '1000000 1000000 2\n' }) },
      { '/proc/stat': 'cpu  20 1 2 190 3 4 5\n', ...tasks('self', { 10: '3000000 2000000 4\n' }) },
    );
    const record = new WatchedMachine([], files);
    record.begin();
    files.next();
    expect(record.sample(1000)).toMatchObject({
      runMs: 2,
      waitMs: 1,
      throttledMs: null,
      stealShare: 0,
      pressureShare: null,
    });
    expect(record.result()).toMatchObject({ pressureShare: null, throttledMs: null, loudSeconds: 0 });
  });

  it('that tells nothing, such as macOS, is not known', () => {
    const record = new WatchedMachine([{ name: 'mock', pid: 77 }], new RecordedMachine({}));
    record.begin();
    expect(record.sample(1000)).toEqual({
      durationMs: 1000,
      runMs: null,
      waitMs: null,
      longestWaitMs: null,
      throttledMs: null,
      stolenMs: null,
      stealShare: null,
      pressureShare: null,
    });
    expect(record.result()).toBeNull();
  });

  it('whose kernel counts no waiting excuses nothing, however busy it is', () => {
    const files = new RecordedMachine(
      { ...DEBIAN_12, ...tasks('self', { 10: '0 0 0\n' }) },
      {
        ...DEBIAN_12,
        '/proc/pressure/cpu': 'some avg10=99 avg60=99 avg300=99 total=12220657\n',
        ...tasks('self', { 10: '0 0 0\n' }),
      },
    );
    const record = new WatchedMachine([], files);
    record.begin();
    files.next();
    record.sample(1000);
    expect(record.result()).toMatchObject({
      processes: [],
      pressureShare: 1,
      loudSeconds: 0,
      lostShare: null,
    });
  });

  it('does not break when a watched process ends', () => {
    const own = tasks('self', { 10: '1000000 0 2\n' });
    const files = new RecordedMachine({ ...own, ...tasks('77', { 77: '5000000 1000000 9\n' }) }, own);
    const record = new WatchedMachine([{ name: 'mock', pid: 77 }], files);
    record.begin();
    files.next();
    expect(record.sample(1000)).toMatchObject({ runMs: 0, waitMs: 0 });
    expect(record.result()?.processes.map(({ name }) => name)).toEqual(['generator', 'mock']);
  });
});

describe.runIf(process.platform === 'linux')('the machine that this runs on', () => {
  it('finds what is beyond the first page of a file', () => {
    // A line for each mapped region of memory; one reading of it ends within a page, as that of mountinfo does.
    const text = systemProcFiles().text('/proc/self/smaps');
    expect(text?.length).toBeGreaterThan(64 * 1024);
    expect(text).toMatch(/\n$/);
    expect(systemProcFiles().text('/proc/self/none')).toBeUndefined();
  });

  it('tells what this process got of it', () => {
    const record = new WatchedMachine([], systemProcFiles());
    record.begin();
    let sum = 0;
    for (let i = 0; i < 5e6; i++) sum += i;
    record.sample(20);
    record.end();
    expect(sum).toBeGreaterThan(0);
    const generator = record.result()?.processes[0];
    expect(generator?.name).toBe('generator');
    expect(generator?.runMs).toBeGreaterThan(0);
    expect(generator?.waitMs).toBeGreaterThanOrEqual(0);
  });
});
