import { flagTable, type SettingsOf } from './flag.ts';
import { LOAD_FLAGS } from './load-flags.ts';
import { TARGET_FLAGS } from './target-flags.ts';

/**
 * Flags of `k6`: those of `load` that `k6/` reads, or what it calls; any other would be accepted and do nothing. A flag that k6 has
 * under the same name (`--tag`, `--quiet`, `--config`) is ours when it stands before `--`.
 */
export const K6_FLAGS = flagTable({
  target: TARGET_FLAGS.target,
  scenario: {
    ...LOAD_FLAGS.scenario,
    description:
      'Which scenarios of a test file, one after another; repeatable, or separated by commas; "all" for every scenario',
    example: '--scenario=cart,search',
    defaultText: 'all but those that run only by name',
  },
  profile: { ...LOAD_FLAGS.profile, defaultText: "the test's own stages" },
  users: {
    ...LOAD_FLAGS.users,
    description:
      'Highest number of users of the test; all levels of its stages are scaled in proportion, rounded up',
  },
  timeScale: { ...LOAD_FLAGS.timeScale, example: '--time-scale=0.05' },
  objectives: LOAD_FLAGS.objectives,
  reportDir: LOAD_FLAGS.reportDir,
  format: { ...LOAD_FLAGS.format, defaultText: 'html,csv,junit' },
  seed: { ...LOAD_FLAGS.seed, description: 'Same seed, same random choices' },
  title: LOAD_FLAGS.title,
  tag: LOAD_FLAGS.tag,
  set: TARGET_FLAGS.set,
  username: TARGET_FLAGS.username,
  password: TARGET_FLAGS.password,
  token: TARGET_FLAGS.token,
  accounts: TARGET_FLAGS.accounts,
  identity: LOAD_FLAGS.identity,
  header: TARGET_FLAGS.header,
  ca: {
    ...TARGET_FLAGS.ca,
    description: `${TARGET_FLAGS.ca.description}; k6 gets it as SSL_CERT_FILE, which it heeds on Linux`,
  },
  cert: TARGET_FLAGS.cert,
  key: TARGET_FLAGS.key,
  requestTimeout: TARGET_FLAGS.requestTimeout,
  connectTimeout: {
    ...TARGET_FLAGS.connectTimeout,
    description: 'Time limit of the first connection, before k6 starts',
  },
  setupTimeout: { ...LOAD_FLAGS.setupTimeout, description: 'Time limit of beforeRun', defaultText: '150s' },
  confirmTarget: TARGET_FLAGS.confirmTarget,
  probeWrites: TARGET_FLAGS.probeWrites,
  summary: LOAD_FLAGS.summary,
  quiet: { ...LOAD_FLAGS.quiet, description: "Shows the summary and errors only, not k6's own output" },
  config: TARGET_FLAGS.config,
  debug: TARGET_FLAGS.debug,
});

/** Settings of `k6`; other flags are read by `k6/read-arguments.ts`. */
export type K6Settings = SettingsOf<typeof K6_FLAGS>;
