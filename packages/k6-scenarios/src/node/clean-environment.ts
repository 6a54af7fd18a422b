/** Proxies would take the load elsewhere, past the address that was checked. */
const PROXIES = /^(https?|all|no|ftp)_proxy$/i;
/** Settings of k6's outputs; every other `K6_*` could change the target, the load, or how the run is judged. */
const OUTPUTS = /^K6_(PROMETHEUS_RW_|INFLUXDB_|OTEL_|WEB_DASHBOARD)/;
/** Ours: what the command line made of them is passed on instead. */
const OWN =
  /^(JARVIS_LOAD_.*|JARVIS_(USERNAME|PASSWORD|TOKEN)|API_URL|USERS|SPAWN_RATE|RUN_TIME|MODE|TIME_SCALE)$/;

/** The environment for k6. */
export interface CleanEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** What `K6_OUT` asks for: k6 ignores it beside `--out`, which a run of ours always has. */
  readonly outputs: readonly string[];
  /** Names of k6's variables, and of proxies, that were taken out. */
  readonly removed: readonly string[];
}

/**
 * Takes out of the environment what would change the checked target or the planned load, and adds our own settings. Of
 * k6's variables only those of its outputs stay: `K6_OUT`, `K6_PROMETHEUS_RW_*`, `K6_INFLUXDB_*`, `K6_OTEL_*`,
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
