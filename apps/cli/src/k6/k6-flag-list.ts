/** A flag of `k6 run`: how k6 reads it (`k6 run --help`, 1.x), and whether it may be used here. */
export interface K6Flag {
  readonly short?: string;
  /** `required`: takes the next argument; `optional`: only with `=`; `none`: on or off. */
  readonly value: 'required' | 'optional' | 'none';
  /**
   * - `passes`: passed on; it changes neither the target nor the load nor the verdict
   * - `here`: done by this program, not passed on
   * - `load`: replaces the load of the test; allowed only for targets without ceilings
   * - `instead`: refused, with the alternative
   */
  readonly use: 'passes' | 'here' | 'load' | { readonly instead: string };
}

const ours = (instead: string) => ({ instead });
const GUARD = ours('the flags of jarvis-load: --target, --header, --ca, --username, ...');
const SCRIPT = ours(
  'the script is that of the test; write your own script for other ones (docs/guides/k6.md)',
);
const LOAD = ours('--profile, --users and --time-scale say how much load there is');
/** In place of the flags that keep k6 from its summary. */
export const IN_PLACE_OF_NO_SUMMARY =
  '--quiet of jarvis-load, which hides it: the verdict needs the summary that k6 writes';
const JUDGED = ours('the report needs what k6 measures and judges by default');

/** Every known flag of `k6 run`, by its long name. Unknown flags are refused. */
export const K6_FLAG_LIST: Readonly<Record<string, K6Flag>> = {
  out: { short: 'o', value: 'required', use: 'passes' },
  tag: { value: 'required', use: 'passes' },
  'log-output': { value: 'required', use: 'passes' },
  'log-format': { value: 'required', use: 'passes' },
  'http-debug': { value: 'optional', use: 'passes' },
  'summary-trend-stats': { value: 'required', use: 'passes' },
  'summary-time-unit': { value: 'required', use: 'passes' },
  'summary-mode': { value: 'required', use: 'passes' },
  'no-color': { value: 'none', use: 'passes' },
  quiet: { short: 'q', value: 'none', use: 'passes' },
  verbose: { short: 'v', value: 'none', use: 'passes' },
  'no-usage-report': { value: 'none', use: 'passes' },
  address: { short: 'a', value: 'required', use: 'passes' },
  vus: { short: 'u', value: 'required', use: 'load' },
  duration: { short: 'd', value: 'required', use: 'load' },
  iterations: { short: 'i', value: 'required', use: 'load' },
  stage: { short: 's', value: 'required', use: 'load' },
  env: { short: 'e', value: 'required', use: GUARD },
  config: { short: 'c', value: 'required', use: LOAD },
  'insecure-skip-tls-verify': { value: 'none', use: ours('--ca=<file> with the authority to trust') },
  'max-redirects': { value: 'required', use: ours('no redirect is followed: it may lead to another host') },
  'local-ips': { value: 'required', use: GUARD },
  dns: { value: 'required', use: GUARD },
  'blacklist-ip': { value: 'required', use: GUARD },
  'block-hostnames': { value: 'required', use: GUARD },
  'include-system-env-vars': { value: 'optional', use: GUARD },
  'secret-source': { value: 'required', use: GUARD },
  'user-agent': { value: 'required', use: ours("--header='User-Agent: ...'") },
  'execution-segment': { value: 'required', use: LOAD },
  'execution-segment-sequence': { value: 'required', use: LOAD },
  paused: { short: 'p', value: 'none', use: LOAD },
  rps: { value: 'required', use: LOAD },
  batch: { value: 'required', use: LOAD },
  'batch-per-host': { value: 'required', use: LOAD },
  'min-iteration-duration': { value: 'required', use: LOAD },
  'no-connection-reuse': { value: 'none', use: LOAD },
  'no-vu-connection-reuse': { value: 'none', use: LOAD },
  'no-setup': { value: 'none', use: ours('setup finds out which contract the target speaks, and logs in') },
  'no-teardown': { value: 'none', use: ours('teardown deletes what the test stored in the target') },
  type: { short: 't', value: 'required', use: SCRIPT },
  'compatibility-mode': { value: 'required', use: SCRIPT },
  'summary-export': { value: 'required', use: 'here' },
  'new-machine-readable-summary': { value: 'none', use: 'passes' },
  'no-summary': { value: 'none', use: ours(IN_PLACE_OF_NO_SUMMARY) },
  'no-thresholds': { value: 'none', use: JUDGED },
  'system-tags': { value: 'required', use: JUDGED },
  'discard-response-bodies': { value: 'none', use: JUDGED },
  throw: { short: 'w', value: 'none', use: JUDGED },
  'console-output': { value: 'required', use: ours('--log-output=file=<path>') },
  'traces-output': { value: 'required', use: ours('--out=opentelemetry') },
  linger: { short: 'l', value: 'none', use: ours('the report is made when k6 ends') },
  'profiling-enabled': { value: 'none', use: ours('start k6 yourself to profile it') },
  help: { short: 'h', value: 'none', use: ours('npx jarvis-load k6 --help, or k6 run --help') },
};
