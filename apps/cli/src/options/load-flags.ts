import { arrivalPattern } from './arrivals.ts';
import type { SuiteScenario } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { flagTable } from './flag.ts';
import {
  choice,
  choices,
  duration,
  list,
  moment,
  number,
  onOff,
  optionalChoice,
  optionalShare,
  pairs,
  part,
  stages,
  sweep,
  text,
} from './flag-kinds.ts';
import { LIMITS } from './limits.ts';
import { FORMATS } from './formats.ts';
import { outputs } from './outputs.ts';
import { TARGET_FLAGS } from './target-flags.ts';
import { DEFAULT_SUITE } from '../suites/suites.ts';
import { thresholds } from './thresholds.ts';
import { PAGE_FLAGS } from './page-flags.ts';

/** Flags of `load`, in the order of docs/reference/cli.md. What else a new one needs: docs/architecture.md, "Another flag". */
export const LOAD_FLAGS = flagTable({
  target: TARGET_FLAGS.target,
  suite: TARGET_FLAGS.suite,
  scenario: {
    kind: list('<name>'),
    description: 'What the users do; repeatable, or separated by commas; "all" for every scenario',
    example: '--scenario=chat-user,voice-user',
    defaultText: DEFAULT_SUITE.scenarios
      .filter(({ byDefault = true }: SuiteScenario) => byDefault)
      .map(({ name }) => name)
      .join(', '),
    notInDocument: 'the document has the scenarios that ran',
  },
  profile: {
    kind: text('<name>'),
    description: 'How much load over time',
    example: '--profile=load',
    defaultText: 'selftest on the mock, smoke elsewhere',
  },
  users: {
    kind: number({ integer: true, min: 1, max: LIMITS.users }),
    description:
      'Users of the run, shared by its scenarios as the profile shares them, at least one each; all levels of stages are scaled in proportion, rounded up',
    example: '--users=20',
    defaultText: "the profile's",
    aliases: ['vus', 'u'],
    legacyEnvironment: 'USERS',
  },
  spawnRate: {
    kind: number({ above: 0, max: LIMITS.users }),
    description: 'Users of the run started per second until --users is reached',
    example: '--spawn-rate=10',
    defaultText: "the profile's ramp, or all at once",
    aliases: ['r'],
    legacyEnvironment: 'SPAWN_RATE',
  },
  duration: {
    kind: duration(),
    description: 'Length of the run; on a profile with stages all stages are scaled in proportion',
    example: '--duration=5m',
    defaultText: "the profile's",
    aliases: ['run-time', 't'],
    legacyEnvironment: 'RUN_TIME',
  },
  stages: {
    kind: stages({ integer: true, max: LIMITS.users }),
    description:
      'Own stages of users of the run, shared evenly by its scenarios, instead of a profile: reach so many after so long',
    example: '--stages=30s:10,1m:50,30s:0',
    defaultText: "the profile's",
  },
  rate: {
    kind: number({ above: 0, max: LIMITS.ratePerSecond }),
    description:
      'Iterations started per second in all; the scenarios take turns, whatever the target answers (open model)',
    example: '--rate=50 --duration=30s',
    defaultText: 'none: users iterate in a closed model',
  },
  maxVus: {
    kind: number({ integer: true, min: 1, max: LIMITS.users }),
    description:
      'With --rate, --rate-stages or --arrivals-file: planned iterations beyond so many in flight are dropped, and counted',
    example: '--max-vus=200',
    defaultText: 'rate x 10 s, from 10 to 5000; of a file, that of its busiest second',
  },
  rateStages: {
    kind: stages({ integer: false, max: LIMITS.ratePerSecond }),
    description: 'Stages of iterations per second in all; the scenarios take turns (open model)',
    example: '--rate-stages=30s:10,1m:50',
    defaultText: 'none',
  },
  arrivals: {
    kind: arrivalPattern(),
    description:
      'With --rate or --rate-stages: even spacing, or a seeded random process of the same rate: Poisson, or gamma with bursts (shape below 1)',
    example: '--arrivals=gamma:0.25',
    defaultText: 'uniform',
  },
  arrivalsFile: {
    kind: text('<file>'),
    description:
      'Starts iterations at the times of a CSV or NDJSON file, such as a log of real traffic (open model); rows may name a scenario or an operation and have prompt_tokens and answer_tokens. --time-scale=0.5 halves its length, --duration ends it',
    example: '--arrivals-file=trace.csv --time-scale=0.5',
    defaultText: 'none',
  },
  iterations: {
    kind: number({ integer: true, min: 1, max: LIMITS.iterations }),
    description:
      'So many iterations of each scenario (not of the run), shared by its users, instead of a duration',
    example: '--iterations=100 --users=10',
    defaultText: 'none: as many as fit into the duration',
  },
  sweep: {
    kind: sweep(),
    description:
      'A run of --duration (15s without it) for each of these rates or numbers of users, and one report with the curve of latency, errors and successful answers over the load',
    example: '--sweep rate=1,2,5,10,20',
    defaultText: 'none',
    inConfig: false,
    notInDocument: 'the document of each run has its load',
  },
  timeScale: {
    kind: number({ above: 0, max: 1000 }),
    description:
      'Shortens (or stretches) the stages of a profile and the times of --arrivals-file; never think times',
    example: '--time-scale=0.1',
    defaultText: '1',
    legacyEnvironment: 'TIME_SCALE',
  },
  threshold: {
    kind: thresholds(),
    description:
      'Fails the run unless it holds: metric:expression; p(95)<500 alone is about http_req_duration; repeatable',
    example: "--threshold='http_req_failed:rate<0.01'",
    defaultText: "the scenario's own",
  },
  objectives: {
    kind: text('<set>'),
    description:
      'The promises per endpoint that the run is judged by: a set of the tests (of Jarvis: suite or benchmark; of a file: own), or none',
    example: '--objectives=benchmark',
    defaultText: 'the first set of the tests',
  },
  reportDir: {
    kind: text('<directory>'),
    description: 'Where results go: a folder per run in it',
    example: '--report-dir=/tmp/results',
    defaultText: 'results',
    notInDocument: 'where it is, not what ran',
  },
  format: {
    kind: choices(FORMATS, '<format,...>'),
    description:
      'Views to write beside result.json; repeatable, or separated by commas: html, csv, json; junit: for pipelines; markdown, text: the summary; k6-summary: as --summary-export of k6; hlog, hgrm: HdrHistogram logs and percentiles, both: hdr',
    example: '--format=html,junit',
    defaultText: 'html,csv',
    notInDocument: 'views only',
  },
  out: {
    kind: outputs(),
    description:
      'Sends the run somewhere while it goes on: ndjson or csv (a file), prometheus (a port to scrape), prometheus-rw, influxdb or otlp (a URL); repeatable',
    example: '--out prometheus-rw=http://127.0.0.1:9090/api/v1/write --out csv=run.csv',
    defaultText: 'none',
    notInDocument: 'where it is sent, not what ran; a URL may hold a token',
  },
  outRequired: {
    kind: onOff(),
    description:
      'A receiver of --out that cannot be reached ends the run before its load (exit 2); one that misses something makes it exit with 98',
    example: '--out-required',
    defaultText: 'off: what is lost is counted and named in the result',
  },
  outInterval: {
    kind: duration(),
    description:
      'How often prometheus-rw and otlp send, and the window of statistics that describe a window, such as k6_http_req_duration_p95',
    example: '--out-interval=1s',
    defaultText: '5s',
  },
  outNativeHistograms: {
    kind: onOff(),
    description:
      'prometheus-rw also sends the trends of k6 as native histograms, for Grafana dashboard 18030; Prometheus needs --enable-feature=native-histograms',
    example: '--out-native-histograms',
    defaultText: 'off',
    notInDocument: 'what is sent, not what ran',
  },
  outLocustNames: {
    kind: onOff(),
    description:
      'prometheus and prometheus-rw also have the names of locust_exporter, for Grafana dashboard 11985',
    example: '--out-locust-names',
    defaultText: 'off',
    notInDocument: 'what is sent, not what ran',
  },
  outPublic: {
    kind: onOff(),
    description: 'Lets --out prometheus listen on an address that others can reach',
    example: '--out-public',
    defaultText: 'off: loopback only',
    notInDocument: 'where it is sent, not what ran',
  },
  trace: {
    kind: optionalShare(),
    description:
      'Sends a W3C traceparent, marked as sampled, with every request or a share of them; examples of errors and the slowest requests in the report name their trace',
    example: '--trace=5%',
    defaultText: 'off',
  },
  baseline: {
    kind: text('<run or folder>'),
    description:
      'Compares the run with this one at its end, or with those runs of a folder that had the same load; prints the comparison and writes comparison.md, .json and .html beside the report',
    example: '--baseline=results/latest',
    defaultText: 'none',
    notInDocument: 'changes nothing of the run',
  },
  failOnWorse: {
    kind: onOff(),
    description:
      'With --baseline: exit 97 if the run passes but something is worse than the baseline, 98 if the two cannot be compared',
    example: '--fail-on-worse',
    defaultText: 'off',
    notInDocument: 'changes nothing of the run',
  },
  seed: {
    kind: number({ integer: true, min: 0, max: 4294967295 }),
    description: 'Same seed, same schedule, same random choices',
    example: '--seed=42',
    defaultText: 'drawn, and reported',
    notInDocument: 'the document has the seed of the run',
  },
  part: {
    kind: part(),
    description:
      'This process makes one part of a run that several make together: of n parts, part k takes every n-th arrival and user. Needs --start-at and --seed, the same for all; then jarvis-load merge',
    example: '--part=2/5 --start-at=2026-12-01T09:30:00Z --seed=1',
    defaultText: 'the whole run',
    inConfig: false,
  },
  startAt: {
    kind: moment(),
    description: 'When the load begins, after preparation; at once, with a warning, if that has passed',
    example: '--start-at=2026-12-01T09:30:00Z',
    defaultText: 'as soon as the run is prepared',
    inConfig: false,
  },
  title: {
    kind: text('<text>'),
    description: 'Heading of the report',
    example: "--title='Nightly, release 4.2'",
    defaultText: 'scenario, target and profile',
  },
  tag: {
    kind: pairs('<name=value>', '='),
    description: 'Labels the run in its documents; repeatable',
    example: '--tag build=1234',
    defaultText: 'none',
  },
  set: TARGET_FLAGS.set,
  username: TARGET_FLAGS.username,
  password: TARGET_FLAGS.password,
  token: TARGET_FLAGS.token,
  accounts: TARGET_FLAGS.accounts,
  identity: {
    kind: choice(['shared', 'per-user']),
    description: 'One login for all users of a scenario, or one for each user',
    example: '--identity=per-user',
    defaultText: "the scenario's",
  },
  header: TARGET_FLAGS.header,
  ca: TARGET_FLAGS.ca,
  cert: TARGET_FLAGS.cert,
  key: TARGET_FLAGS.key,
  maxHeaderBytes: TARGET_FLAGS.maxHeaderBytes,
  http2: TARGET_FLAGS.http2,
  cookies: TARGET_FLAGS.cookies,
  connections: {
    kind: choice(['per-user', 'shared']),
    description: 'A connection for each user, or the last used free one for anybody; WebSockets: per user',
    example: '--connections=shared',
    defaultText: 'per-user with users, shared with rates',
  },
  threads: {
    kind: number({ integer: true, min: 1, max: 256 }),
    description: 'Threads that make the load; users and arrivals are divided among them, the numbers merged',
    example: '--threads=2',
    defaultText: '1',
  },
  pacing: {
    kind: choice(['efficient', 'precise']),
    description: 'How a rate is kept: with timers, or spinning over the last millisecond, which costs a core',
    example: '--pacing=precise',
    defaultText: 'efficient',
  },
  requestTimeout: TARGET_FLAGS.requestTimeout,
  connectTimeout: TARGET_FLAGS.connectTimeout,
  setupTimeout: {
    kind: duration(),
    description:
      'Time limit of a login before the load, of one by a user that starts (waits for its turn apart): beyond it the run is not valid; and of beforeRun: beyond it there is none',
    example: '--setup-timeout=1m',
    defaultText: '150s: a login may wait out a limit of a minute',
  },
  confirmTarget: TARGET_FLAGS.confirmTarget,
  probeWrites: TARGET_FLAGS.probeWrites,
  once: {
    kind: onOff(),
    description:
      'One user, one iteration of each scenario; every request and answer is shown, secrets redacted',
    example: '--once',
    defaultText: 'off',
  },
  watch: {
    kind: onOff(),
    description: 'Runs a test file as --once does, again whenever it or a neighbour that it imports is saved',
    example: '--watch',
    defaultText: 'off',
    inConfig: false,
    notInDocument: 'starts runs',
  },
  maxDroppedShare: {
    kind: number({ min: 0, max: 1 }),
    description:
      'A run is not valid (exit 98) when more of the planned iterations of a scenario were dropped, 0 to 1',
    example: '--max-dropped-share=0.05',
    defaultText: '0.01',
  },
  strict: {
    kind: onOff(),
    description:
      'A run that the generator itself limited, or with unproven thresholds or objectives, is not valid (exit 98)',
    example: '--strict',
    defaultText: 'off: both are warnings',
  },
  summary: {
    kind: choice(['full', 'short', 'k6']),
    description:
      'What is printed at the end: short: verdict, reasons and where the report is; full: all tables before that; k6: the same with the metrics and columns of k6, avg min med max p(90) p(95)',
    example: '--summary=short',
    defaultText: 'full',
    notInDocument: 'shown only',
  },
  quiet: {
    kind: onOff(),
    description: 'Shows the summary and errors only',
    example: '--quiet',
    defaultText: 'off',
    notInDocument: 'shown only',
  },
  noLive: {
    kind: onOff(),
    description: 'A line every few seconds instead of the screen of a terminal',
    example: '--no-live',
    defaultText: 'off; there is no screen without a terminal anyway',
    aliases: ['headless'],
    legacyEnvironment: 'MODE',
    fromLegacy(value) {
      if (value === 'headless') return true;
      if (value === 'interactive')
        throw usageError(
          'mode',
          'MODE=interactive (environment): the web page is a command of its own',
          'npx jarvis-load ui, or MODE=headless',
        );
      return undefined; // Ignored: other programs may use a variable with such a general name.
    },
    notInDocument: 'shown only',
  },
  noJournal: {
    kind: onOff(),
    description: 'Writes no journal, from which report makes the document of a killed run',
    example: '--no-journal',
    defaultText: 'off: the journal is written each second, and removed when the reports are written',
    notInDocument: 'changes no result',
  },
  ui: {
    kind: optionalChoice(['view', 'control']),
    description:
      'Serves the live page while the run is on. control: the page may also pause and stop it, and change its users, or its rate with --rate (executor externally-controlled)',
    example: '--ui=control',
    defaultText: 'off',
    inConfig: false,
    notInDocument: 'shown only',
  },
  uiPort: PAGE_FLAGS.uiPort,
  uiHost: PAGE_FLAGS.uiHost,
  config: TARGET_FLAGS.config,
  debug: TARGET_FLAGS.debug,
});
