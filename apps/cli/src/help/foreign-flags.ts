type Tool = 'k6' | 'Locust' | 'Artillery' | 'autocannon' | 'wrk';

/** What a flag of another load tester is called here. */
interface ForeignFlag {
  readonly tools: readonly Tool[];
  /** The flags of ours, or what to do instead. */
  readonly here: string;
}

const row = (tools: Tool | readonly Tool[], here: string): ForeignFlag => ({ tools: [tools].flat(), here });

/**
 * Flags that people bring along and that `load` has under another name. Names that `load` has itself are not in it: its
 * own parser reads those. Keys have their dashes.
 */
const FOREIGN_FLAGS: Readonly<Record<string, ForeignFlag>> = {
  '-c': row(['autocannon', 'wrk', 'Artillery'], '--users=<n>'),
  '-d': row(['k6', 'autocannon', 'wrk'], '--duration=<duration>'),
  '-e': row(['k6', 'Artillery'], '--set <name=value>, or a target of the config file'),
  '-f': row('Locust', 'jarvis-load load ./test.ts: a test file, without a flag'),
  '-i': row('k6', '--iterations=<n>'),
  '-n': row('Artillery', '--iterations=<n>'),
  '-o': row(['k6', 'Artillery'], '--out <kind=where> while the run is on, --report-dir for its results'),
  '-p': row('autocannon', 'requests are not pipelined: more users, --users=<n>'),
  '-s': row(['k6', 'wrk', 'Locust'], '--stages=30s:10,1m:50, --scenario, or gracefulStop in the test file'),
  '-v': row('Artillery', '--set <name=value>'),
  '-w': row('autocannon', '--threads=<n>'),
  '-H': row(['Locust', 'autocannon', 'wrk'], '--target=<url>, or --header <Name: value>'),
  '-P': row('Locust', '--ui-port=<n>'),
  '-R': row('autocannon', '--rate=<n>'),
  '-T': row('Locust', '--scenario=<name>'),
  '--address': row('k6', '--ui-port=<n>: the page has the HTTP API'),
  '--amount': row('autocannon', '--iterations=<n>'),
  '--autoquit': row('Locust', 'load ends with its run; jarvis-load ui stays until Ctrl-C'),
  '--autostart': row('Locust', '--ui: the page of a run that starts at once'),
  '--batch': row('k6', '--connections=per-user'),
  '--batch-per-host': row('k6', '--connections=per-user'),
  '--blacklist-ip': row(
    'k6',
    'targets of the config file are an allow list; there is no list of forbidden addresses',
  ),
  '--block-hostnames': row(
    'k6',
    'targets of the config file are an allow list; there is no list of forbidden hosts',
  ),
  '--body': row('autocannon', 'the body of a request is part of a scenario'),
  '--class-picker': row('Locust', 'jarvis-load ui: its page always has the choice of scenarios'),
  '--compatibility-mode': row('k6', 'TypeScript and modules are read as they are'),
  '--config-users': row('Locust', '--scenario and --users, or the executors of a test file'),
  '--connectionRate': row('autocannon', '--rate=<n>, for the whole run'),
  '--console-output': row('k6', 'redirect standard error'),
  '--count': row('Artillery', '--users=<n>'),
  '--csv': row('Locust', '--format=csv, or --out csv=<file> while the run is on'),
  '--csv-full-history': row('Locust', '--out csv=<file>'),
  '--discard-response-bodies': row('k6', 'answers are kept only where a scenario reads them'),
  '--env': row('k6', '--set <name=value>'),
  '--environment': row('Artillery', 'a target of the config file, and its name in --target'),
  '--equal-weights': row('Locust', 'weights are part of a scenario'),
  '--exclude-tags': row('Locust', '--scenario=<name>'),
  '--execution-segment': row('k6', '--part=2/5 and --start-at=<UTC>; --threads=<n> on one machine'),
  '--exit-code-on-error': row('Locust', 'exit code 99 says that a threshold or objective failed'),
  '--enable-rebalancing': row('Locust', 'the master stays a Locust and has this flag; workers follow it'),
  '--master-bind-host': row(
    'Locust',
    'the master stays a Locust and has this flag; jarvis-load worker joins it',
  ),
  '--expect-workers': row(
    'Locust',
    'the master stays a Locust and has this flag; jarvis-load worker joins it',
  ),
  '--headers': row('autocannon', '--header <Name: value>'),
  '--html': row('Locust', '--format=html'),
  '--http-debug': row('k6', '--once'),
  '--include-system-env-vars': row('k6', '--set <name=value>'),
  '--insecure': row('Artillery', '--ca=<file>'),
  '--insecure-skip-tls-verify': row('k6', '--ca=<file>'),
  '--json': row(['Locust', 'autocannon'], '--format=json'),
  '--json-file': row('Locust', '--format=json, and --report-dir'),
  '--latency': row(['autocannon', 'wrk'], 'percentiles are always shown; --format=hgrm writes them all'),
  '--linger': row('k6', '--ui'),
  '--list': row('Locust', 'jarvis-load scenarios'),
  '--locustfile': row('Locust', 'jarvis-load load ./test.ts: a test file, without a flag'),
  '--log-format': row('k6', '--quiet, or --debug'),
  '--log-output': row('k6', 'redirect standard error'),
  '--logfile': row('Locust', 'redirect standard error'),
  '--loglevel': row('Locust', '--quiet, or --debug'),
  '--master': row('Locust', 'the master stays a Locust; jarvis-load worker joins it'),
  '--master-host': row('Locust', 'jarvis-load worker --master-host=<address>'),
  '--max-redirects': row('k6', 'the option redirects of a request in a test file'),
  '--maxOverallRequests': row('autocannon', '--iterations=<n>'),
  '--method': row('autocannon', 'the method of a request is part of a scenario'),
  '--min-iteration-duration': row('k6', 'the wait between iterations is part of a scenario'),
  '--no-color': row('k6', 'the variable NO_COLOR=1'),
  '--no-connection-reuse': row('k6', '--connections=per-user'),
  '--no-setup': row('k6', 'setup is part of a test file'),
  '--no-summary': row('k6', '--quiet'),
  '--no-teardown': row('k6', 'teardown is part of a test file'),
  '--no-thresholds': row('k6', '--objectives=none'),
  '--no-usage-report': row('k6', 'nothing is reported to anybody'),
  '--no-vu-connection-reuse': row('k6', '--connections=per-user'),
  '--num': row('Artillery', '--iterations=<n>'),
  '--only-summary': row('Locust', '--quiet'),
  '--otel': row('Locust', '--out otlp=<url>'),
  '--output': row('Artillery', '--report-dir=<directory>'),
  '--overallRate': row('autocannon', '--rate=<n>'),
  '--overrides': row('Artillery', 'flags, which override the config file'),
  '--paused': row('k6', 'jarvis-load ui, where a run starts on a click'),
  '--payload': row('Artillery', '--accounts=<file>, or a file that the test file reads'),
  '--pipelining': row('autocannon', '--users=<n>: requests are not pipelined'),
  '--print-stats': row('Locust', 'the summary is always printed'),
  '--processes': row('Locust', '--threads=<n>'),
  '--record': row('Artillery', '--report-dir=<directory>: results stay on this machine'),
  '--renderLatencyTable': row('autocannon', 'percentiles are always shown; --format=hgrm writes them all'),
  '--renderStatusCodes': row('autocannon', 'the report has outcomes by operation'),
  '--reset-stats': row('Locust', 'windows of the steady state are judged apart from the ramp'),
  '--rps': row('k6', '--rate=<n>'),
  '--run-time-unit': row('Locust', '--duration=<duration>'),
  '--scenario-name': row('Artillery', '--scenario=<name>'),
  '--show-task-ratio': row('Locust', 'jarvis-load ui has the tab Ratio, planned and real'),
  '--skip-log': row('Locust', '--quiet'),
  '--skip-log-setup': row('Locust', '--quiet'),
  '--stage': row('k6', '--stages=30s:10,1m:50'),
  '--stop-timeout': row('Locust', 'gracefulStop of the executor, in the test file'),
  '--summary-export': row('k6', '--format=k6-summary'),
  '--summary-mode': row('k6', '--summary=full, --summary=short or --summary=k6'),
  '--summary-time-unit': row('k6', 'times are milliseconds'),
  '--summary-trend-stats': row(
    'k6',
    '--summary=k6 shows the columns of k6; the report has all percentiles, --format=hgrm writes them',
  ),
  '--system-tags': row('k6', 'the report has every operation by scenario and outcome; --tag labels the run'),
  '--tags': row('Locust', '--scenario=<name>'),
  '--throw': row('k6', 'a request never throws: its outcome says what went wrong'),
  '--timeout': row(['autocannon', 'wrk'], '--request-timeout=<duration>'),
  '--tls-cert': row(
    'Locust',
    'the page is served on loopback without TLS; --cert is a certificate for the target',
  ),
  '--traces-output': row('k6', '--trace'),
  '--user-agent': row('k6', "--header='User-Agent: ...'"),
  '--variables': row('Artillery', '--set <name=value>'),
  '--verbose': row('k6', '--debug'),
  '--vu': row('k6', '--users=<n>'),
  '--web-host': row('Locust', '--ui-host=<address>'),
  '--web-login': row('Locust', 'the page always asks for the token of its address'),
  '--web-port': row('Locust', '--ui-port=<n>'),
  '--worker': row('Locust', 'jarvis-load worker'),
  '--workers': row('autocannon', '--threads=<n>'),
};

/** What a flag that `load` does not know is called here, if another load tester has it: `a flag of k6; here: --rate=<n>`. */
export function foreignFlag(flag: string): string | undefined {
  const found = Object.entries(FOREIGN_FLAGS).find(([name]) => name === flag);
  if (found === undefined) return undefined;
  const [, { tools, here }] = found;
  return `a flag of ${tools.join(', ')}; here: ${here}`;
}

/** The names in the table, for the test that none of them is a flag of ours. */
export const FOREIGN_NAMES: readonly string[] = Object.keys(FOREIGN_FLAGS);
