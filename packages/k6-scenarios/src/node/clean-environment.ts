/** Proxy variables: a proxy would send the load to another address than the checked one. */
const PROXIES = /^(https?|all|no|ftp)_proxy$/i;
/**
 * Settings of k6's outputs, which are kept; other `K6_*` variables could change the target, the load, or the verdict.
 */
const OUTPUTS = /^K6_(PROMETHEUS_RW_|INFLUXDB_|OTEL_|WEB_DASHBOARD)/;
/**
 * Settings of jarvis-load: the command line has resolved them and passes the result instead. `K6_VARIABLES` without the prefix
 * `JARVIS_LOAD_` are listed here one by one.
 */
const OWN =
  /^(JARVIS_LOAD_.*|JARVIS_(USERNAME|PASSWORD|TOKEN)|API_URL|USERS|SPAWN_RATE|RUN_TIME|MODE|TIME_SCALE)$/;

/** The environment of the k6 process. */
export interface CleanEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Outputs named in `K6_OUT`: k6 ignores this variable beside `--out`, which is always passed. */
  readonly outputs: readonly string[];
  /** Names of the removed k6 and proxy variables. */
  readonly removed: readonly string[];
}

/**
 * Removes variables that would change the checked target or the planned load, and adds `settings`. Of k6's variables
 * only those of its outputs are kept: `K6_OUT`, `K6_PROMETHEUS_RW_*`, `K6_INFLUXDB_*`, `K6_OTEL_*`,
 * `K6_WEB_DASHBOARD*`.
 */
export function cleanEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  settings: Readonly<Record<string, string>>,
): CleanEnvironment {
  const variables: Record<string, string> = {};
  const removed: string[] = [];
  const outputs: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || OWN.test(name)) continue;
    if (name === 'K6_OUT') outputs.push(...value.split(',').filter((output) => output.trim() !== ''));
    else if (PROXIES.test(name) || (/^K6_/i.test(name) && !OUTPUTS.test(name))) removed.push(name);
    else variables[name] = value;
  }
  return { variables: { ...variables, ...settings }, outputs, removed: removed.sort() };
}
