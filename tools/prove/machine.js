// @ts-check
import { openQuota } from './cpu-quota.js';
import { runMainJob } from './main-job.js';
import { startSpinners } from './spinners.js';

/** Three times the latency objectives of the suite, as fixed latencies in milliseconds. */
const THREE_TIMES = {
  'chat.send': 900,
  'chat.conversations': 300,
  'memory.search': 600,
  'voice.synthesize': 4500,
  'voice.transcribe': 6000,
};

/** @type {Readonly<Record<string, { readonly text: string, readonly spinners: number, readonly quota?: number }>>} */
const SETTINGS = {
  quiet: { text: 'nothing beside it', spinners: 0 },
  'beside-1': { text: '1 spinning process', spinners: 1 },
  'beside-2': { text: '2 spinning processes', spinners: 2 },
  'beside-4': { text: '4 spinning processes', spinners: 4 },
  'half-core': { text: 'a quota of half a processor', spinners: 0, quota: 0.5 },
};

/** @type {Readonly<Record<string, { readonly text: string, readonly flags: readonly string[] }>>} */
const JOBS = {
  main: { text: 'main job', flags: [] },
  degraded: { text: 'preset degraded', flags: ['--set', 'mock.preset=degraded'] },
  slow: {
    text: 'three times the limits',
    flags: Object.entries(THREE_TIMES).flatMap(([name, ms]) => ['--set', `mock.latency.${name}=${ms}`]),
  },
};

/**
 * What has to hold of 20 runs: least share of runs with a verdict, or none of them.
 *
 * @typedef {{ readonly job: string, readonly setting: string, readonly never?: 'fail', readonly least?: ['pass' | 'fail', number] }} Case
 * @type {readonly Case[]}
 */
const CASES = [
  { job: 'main', setting: 'quiet', never: 'fail', least: ['pass', 0.9] },
  { job: 'main', setting: 'beside-1', never: 'fail' },
  { job: 'main', setting: 'beside-2', never: 'fail' },
  { job: 'main', setting: 'beside-4', never: 'fail' },
  { job: 'main', setting: 'half-core', never: 'fail' },
  { job: 'degraded', setting: 'quiet', least: ['fail', 0.9] },
  { job: 'degraded', setting: 'beside-2', least: ['fail', 0.9] },
  { job: 'slow', setting: 'quiet', least: ['fail', 0.9] },
  { job: 'slow', setting: 'beside-2', least: ['fail', 0.9] },
];

/**
 * One run, as the log keeps it.
 *
 * @typedef {{ job: string, setting: string, status: string, exit: number | null, codes: string[], waiting: (number | null)[],
 *   seconds: number[], busy: number | null, pressure: number | null, loudSeconds: number | null, reason: string, shortened: string }} MachineRun
 */

/** @type {import('./proofs.js').Proof<MachineRun>} */
export const machineProof = {
  name: 'machine',
  description:
    'verdicts of the main job beside busy processes, under a quota, and of targets that are too slow',
  title: 'The machine is part of the truth',
  document: 'docs/reference/proof-machine.md',
  options: {
    setting: { values: Object.keys(SETTINGS), description: 'only this one' },
    job: { values: Object.keys(JOBS), description: 'only this one' },
    duration: {
      description: 'length of each run, such as 10s; the verdicts of shortened runs are kept apart',
    },
  },

  cases({ setting, job }) {
    return CASES.filter(
      (each) => (setting ?? each.setting) === each.setting && (job ?? each.job) === each.job,
    ).map((each) => ({ ...each, key: `${each.job} ${each.setting}` }));
  },

  keyOf: ({ job, setting }) => `${job} ${setting}`,

  counts: ({ shortened }, { duration = '' }) => shortened === duration,

  async run({ key }, { duration }) {
    const [job = '', setting = ''] = key.split(' ');
    const { spinners, quota } = /** @type {(typeof SETTINGS)[string]} */ (SETTINGS[setting]);
    const { flags } = /** @type {(typeof JOBS)[string]} */ (JOBS[job]);
    const group = quota === undefined ? undefined : openQuota(quota);
    const stopSpinners = await startSpinners(spinners);
    try {
      const { exit, result, output } = await runMainJob(
        duration === undefined ? flags : [...flags, '--duration', duration],
        group?.procs,
      );
      if (result === undefined) throw new Error(`the run left no document (exit ${exit}):\n${output}`);
      const { verdict, health } = result;
      return {
        job,
        setting,
        shortened: duration ?? '',
        status: verdict.status,
        exit,
        codes: [...new Set(verdict.reasons.map(({ code }) => code))],
        waiting: health.machine?.processes.map(({ waitShare }) => waitShare) ?? [],
        // Of generator and mock together, per second; used to choose LOUD_SHARE.
        seconds: result.series.points.flatMap(({ waitShare }) => waitShare ?? []),
        busy: health.machineCpuShare,
        pressure: health.machine?.pressureShare ?? null,
        loudSeconds: health.machine?.loudSeconds ?? null,
        reason: verdict.reasons[0]?.text ?? '',
      };
    } finally {
      await stopSpinners();
      await group?.remove();
    }
  },

  columns: [
    'job',
    'beside it',
    'runs',
    'PASS',
    'FAIL',
    'machine-limited',
    'not valid otherwise',
    'generator waits',
    'mock waits',
    'waiting each second: least, median, p90, most',
    'busy',
    'pressure',
    'target',
    'holds',
  ],

  row({ key }, runs) {
    const [job = '', setting = ''] = key.split(' ');
    const of = (/** @type {string} */ status) => runs.filter((run) => run.status === status);
    const limited = of('not-valid').filter(({ codes }) => codes.includes('machine-limited'));
    const { never, least } = /** @type {Case} */ (
      CASES.find((each) => each.job === job && each.setting === setting)
    );
    const target = [
      ...(never === undefined ? [] : ['never FAIL']),
      ...(least === undefined ? [] : [`${least[0].toUpperCase()} in ${Math.round(least[1] * 20)} of 20`]),
    ];
    const holds =
      (never === undefined || of(never).length === 0) &&
      (least === undefined || of(least[0]).length >= least[1] * runs.length);
    return {
      holds: runs.length === 0 ? undefined : holds,
      cells: [
        JOBS[job]?.text ?? job,
        SETTINGS[setting]?.text ?? setting,
        String(runs.length),
        String(of('pass').length),
        String(of('fail').length),
        String(limited.length),
        String(of('not-valid').length - limited.length),
        percent(median(runs.map(({ waiting }) => waiting[0]))),
        percent(median(runs.map(({ waiting }) => waiting[1]))),
        spread(runs.flatMap(({ seconds }) => seconds)),
        percent(median(runs.map(({ busy }) => busy))),
        percent(median(runs.map(({ pressure }) => pressure))),
        target.join(', '),
        runs.length === 0 ? '' : holds ? 'yes' : '**no**',
      ],
    };
  },
};

/** @param {readonly (number | null | undefined)[]} values */
function median(values) {
  const known = values.flatMap((value) => value ?? []).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}

/**
 * Minimum, median, 90th percentile and maximum.
 *
 * @param {readonly number[]} shares
 */
function spread(shares) {
  const sorted = shares.toSorted((a, b) => a - b);
  if (sorted.length === 0) return '';
  return [0, 0.5, 0.9, 1]
    .map((q) => percent(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]))
    .join(', ');
}

/** @param {number | undefined} share */
function percent(share) {
  return share === undefined ? '' : `${Math.round(share * 100)} %`;
}
