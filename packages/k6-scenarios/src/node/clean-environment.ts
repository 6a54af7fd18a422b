/** Proxies would take the load elsewhere, past the address that was checked. */
const PROXIES = /^(https?|all|no|ftp)_proxy$/i;
/** Would replace the load that was planned, or the script's options. */
const K6_OPTIONS =
  /^K6_(VUS|DURATION|ITERATIONS|STAGES|CONFIG|MAX_REDIRECTS|NO_SETUP|NO_TEARDOWN|OUT|SUMMARY_EXPORT|NO_SUMMARY|SUMMARY_MODE|NO_THRESHOLDS|THROW|PAUSED|SYSTEM_TAGS)$/;
/** Ours: what the command line made of them is passed on instead. */
const OWN =
  /^(JARVIS_LOAD_.*|JARVIS_(USERNAME|PASSWORD|TOKEN)|API_URL|USERS|SPAWN_RATE|RUN_TIME|MODE|TIME_SCALE)$/;

/**
 * The environment for k6: without proxies, without what would change the planned load behind our back, with our own
 * settings. Settings of k6's outputs (`K6_INFLUXDB_*`, `K6_PROMETHEUS_*`, `K6_WEB_DASHBOARD*`) stay.
 */
export function cleanEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || PROXIES.test(name) || K6_OPTIONS.test(name) || OWN.test(name)) continue;
    clean[name] = value;
  }
  return { ...clean, ...settings };
}
