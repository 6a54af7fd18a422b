/**
 * Arguments that are passed to k6. Only flags that `k6-flag-list.ts` does not refuse are accepted: they change neither the target nor
 * the verdict.
 *
 * Must hold:
 * - Arguments are split by the rules of pflag, as k6 does, and k6 gets what `writeK6Arguments` makes of them, in one form: it
 *   cannot read anything else than what was checked.
 * - An `--out`, `K6_OUT` or `--log-output` with a login in its address, or with a parameter or header that is named as a secret, is refused:
 *   arguments are written into the document.
 * - Flags that replace the load pass `readK6Arguments`. The caller calls `refuseOwnLoad` once the ceilings of the target, and of
 *   each further base address, are known, before k6 starts.
 */
import { isSecretName, nearestName, type Ceilings } from '@jarvis-load/engine';
import { CliError, usageError } from '../cli-error.ts';
import { flagName } from '../options/flag.ts';
import { K6_FLAGS } from '../options/k6-flags.ts';
import { IN_PLACE_OF_NO_SUMMARY, K6_FLAG_LIST, type K6Flag } from './k6-flag-list.ts';

/** One k6 flag, parsed by k6's rules. */
export interface K6Argument {
  /** Long name, without dashes. */
  readonly name: string;
  /** Spelling on the command line: `--vus`, or `-u` within `-qu`. */
  readonly typed: string;
  readonly value: string | undefined;
}

const PASSING = Object.entries(K6_FLAG_LIST)
  .filter(([, { use }]) => use === 'passes' || use === 'here')
  .map(([name]) => `--${name}`);
/** Outputs of `load` that k6 has under another name. */
const K6_OUTPUT_OF = new Map(
  Object.entries({
    ndjson: 'json=<file>',
    prometheus: 'experimental-prometheus-rw: k6 has no page to scrape',
    'prometheus-rw': 'experimental-prometheus-rw, with the URL in K6_PROMETHEUS_RW_SERVER_URL',
    otlp: 'opentelemetry, with the URL in K6_OTEL_HTTP_EXPORTER_ENDPOINT',
  }),
);
/** Where k6 reads the login of an output from, for those that have variables for it. */
const LOGIN_OF = new Map(
  Object.entries({
    influxdb: 'K6_INFLUXDB_USERNAME and K6_INFLUXDB_PASSWORD (environment)',
    'experimental-prometheus-rw': 'K6_PROMETHEUS_RW_USERNAME and K6_PROMETHEUS_RW_PASSWORD (environment)',
  }),
);
/** Outputs that an error may name, those of k6 and of `--log-output`. */
const KINDS_OF_K6: ReadonlySet<string> = new Set([
  ...LOGIN_OF.keys(),
  'json',
  'csv',
  'cloud',
  'opentelemetry',
  'web-dashboard',
  'kafka',
  'loki',
  'file',
]);
/** `user:password@` or `token@` before a host, or a header for Loki whose name says so. */
const HOLDS_LOGIN = /:\/\/[^\s/?#]*@|,header\.[\w-]*(auth|token|key|secret|cookie|password)/i;
/** Beyond those of the engine. */
const SECRET_KEY = /^(.*(secret|access|private|account)[_-]?)?key$/i;
/** `:6565` is not: Go listens on all addresses then. */
const LOOPBACK = /^(?:|(localhost|127(\.\d+){3}|\[::1\])(:\d*)?)$/;

/** `password=p` in `kafka=brokers=h:9092,password=p` and in the query of an address. */
function holdsSecret(value: string): boolean {
  return value
    .slice(value.indexOf('=') + 1)
    .split(/[?&,;]/)
    .some((part) => {
      const [, name] = /^\s*(?:[^=]*\.)?([^=.]*)=./.exec(part) ?? [];
      return name !== undefined && (isSecretName(name) || SECRET_KEY.test(name));
    });
}

function longName(short: string): string | undefined {
  return Object.entries(K6_FLAG_LIST).find(([, flag]) => flag.short === short)?.[0];
}

function unknown(typed: string): CliError {
  const name = typed.split('=', 1)[0]!;
  if (name === '--trace')
    return usageError(
      'k6-flag',
      '--trace is a flag of jarvis-load load; k6 sends no trace context by itself, and its document has no trace ids',
      'the same scenario in this engine: npx jarvis-load load --trace',
      'docs/guides/monitoring.md',
    );
  if (name === '--cookies')
    return usageError(
      'k6-flag',
      '--cookies is a flag of jarvis-load load; k6 keeps the cookies of an iteration without a flag, and forgets them at its end',
      'no flag where a login and what needs it are in one iteration; where cookies last longer, this engine: npx jarvis-load load --cookies',
      'docs/guides/k6.md',
    );
  const own = Object.keys(K6_FLAGS).map((key) => `--${flagName(key)}`);
  const near = nearestName(name, [...own, ...Object.keys(K6_FLAG_LIST).map((long) => `--${long}`)]);
  return usageError(
    'k6-flag',
    `unknown flag ${name}: neither jarvis-load k6 nor k6 run has it`,
    near === undefined ? `of k6 pass: ${PASSING.join(', ')}` : `did you mean ${near}?`,
    'npx jarvis-load k6 --help',
  );
}

/** Reads flags by the rules of pflag, which k6 uses: `--vus=5`, `--vus 5`, `-u5`, `-u=5`, `-u 5`, `-qu 5`. */
function parse(args: readonly string[]): readonly K6Argument[] {
  const read: K6Argument[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    const next = (typed: string): string => {
      const value = args[++i];
      if (value === undefined)
        throw usageError('k6-flag', `${typed} of k6 needs a value`, `${typed} <value>`);
      return value;
    };
    if (argument === '--' || argument === '-' || !argument.startsWith('-'))
      throw usageError(
        'k6-argument',
        `unexpected argument "${argument}" for k6`,
        'flags of k6 only: the script is that of the test',
        'npx jarvis-load k6 --help',
      );
    if (argument.startsWith('--')) {
      const at = argument.indexOf('=');
      const name = argument.slice(2, at < 0 ? undefined : at);
      const flag = Object.hasOwn(K6_FLAG_LIST, name) ? K6_FLAG_LIST[name] : undefined;
      if (flag === undefined) throw unknown(argument);
      const typed = `--${name}`;
      const value = at >= 0 ? argument.slice(at + 1) : flag.value === 'required' ? next(typed) : undefined;
      read.push({ name, typed, value });
      continue;
    }
    for (let rest = argument.slice(1); rest !== '';) {
      const typed = `-${rest[0]}`;
      const name = longName(rest[0]!);
      if (name === undefined) throw unknown(argument.length > 2 ? `${typed} (in ${argument})` : argument);
      rest = rest.slice(1);
      let value: string | undefined;
      if (rest.startsWith('=')) [value, rest] = [rest.slice(1), ''];
      else if (K6_FLAG_LIST[name]!.value === 'required')
        [value, rest] = [rest === '' ? next(typed) : rest, ''];
      read.push({ name, typed, value });
    }
  }
  return read;
}

/** @throws CliError exit 2 for an output of `load`, and for one that holds credentials */
function refuseOutput(name: 'out' | 'log-output', typed: string, value: string): void {
  const [kind = ''] = value.split('=', 1);
  const k6Output = name === 'out' ? K6_OUTPUT_OF.get(kind) : undefined;
  if (k6Output !== undefined)
    throw usageError(
      'k6-flag',
      `${typed} ${kind} is an output of jarvis-load load; here --out is that of k6`,
      `${typed} ${k6Output}`,
      'docs/guides/monitoring.md',
    );
  // They would stand in the list of processes, and in the document.
  if (!HOLDS_LOGIN.test(value) && !holdsSecret(value)) return;
  throw usageError(
    'k6-flag',
    // Only names that are known: part of an address with its login may stand before `=`.
    `${typed}${KINDS_OF_K6.has(kind) ? ` ${kind}` : ''} of k6 holds credentials`,
    name === 'log-output'
      ? 'an address that needs none, or a file: --log-output=file=<path>'
      : (LOGIN_OF.get(kind) ?? 'them in the environment, in the variables of k6 for this output'),
    'docs/guides/monitoring.md',
  );
}

/**
 * Checks `K6_OUT` as `--out`: it becomes arguments of k6, since k6 ignores it beside `--out`.
 *
 * @throws CliError exit 2
 */
export function checkK6Out(value: string | undefined): void {
  if (value === undefined) return;
  // The whole, too: a login with a comma is in none of the parts.
  for (const output of [...value.split(','), value]) refuseOutput('out', 'K6_OUT', output.trim());
}

/**
 * Reads the arguments for k6.
 *
 * @throws CliError exit 2 naming the flag and what to use instead
 */
export function readK6Arguments(args: readonly string[]): readonly K6Argument[] {
  const read = parse(args);
  for (const { name, typed, value } of read) {
    const { use } = K6_FLAG_LIST[name] as K6Flag;
    if (typeof use === 'object') {
      const shown = name === 'env' ? `${typed} ${value?.split('=', 1)[0]}` : typed;
      throw usageError('k6-flag', `${shown} of k6 cannot be used here`, use.instead);
    }
    if (name === 'out' || name === 'log-output') refuseOutput(name, typed, value ?? '');
    if (name === 'summary-mode' && value === 'disabled')
      throw usageError('k6-flag', `${typed} disabled of k6 cannot be used here`, IN_PLACE_OF_NO_SUMMARY);
    if (name === 'address' && !LOOPBACK.test(value ?? ''))
      throw usageError(
        'k6-flag',
        `${typed} ${value} would open k6's REST API to the network`,
        'localhost or a loopback address, such as --address=localhost:6565',
      );
  }
  return read;
}

/**
 * Refuses flags that replace the load of the test on a target with ceilings.
 *
 * @throws CliError exit 4
 */
export function refuseOwnLoad(args: readonly K6Argument[], ceilings: Ceilings | undefined): void {
  const load = args.find(({ name }) => K6_FLAG_LIST[name]?.use === 'load');
  if (load === undefined || ceilings === undefined) return;
  throw new CliError({
    exit: 'not-allowed',
    code: 'target-ceiling',
    problem: `${load.typed} of k6 replaces the load of the test, which was checked against what the target allows`,
    expected: '--profile, --users and --time-scale on targets that are not this machine',
  });
}

/** Whether the arguments replace the planned load of the test. */
export function replacesLoad(args: readonly K6Argument[]): boolean {
  return args.some(({ name }) => K6_FLAG_LIST[name]?.use === 'load');
}

/** Those that k6 gets. */
export function passedToK6(args: readonly K6Argument[]): readonly K6Argument[] {
  return args.filter(({ name }) => K6_FLAG_LIST[name]?.use !== 'here');
}

/** Formats the arguments in one unambiguous form, so that k6 parses exactly what was checked. */
export function writeK6Arguments(args: readonly K6Argument[]): readonly string[] {
  return args.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`));
}
