import { flagTable } from './flag.ts';
import { anyText, choice, duration, number, onOff, pairs, text, token } from './flag-kinds.ts';
import { headers } from './headers.ts';
import { DEFAULT_SUITE, SUITE_NAMES } from '../suites/suites.ts';

/** Names that the description of `--set` lists: all of the default suite; the many of the OpenAI-style API by their prefix. */
const SETTING_NAMES = [
  ...Object.keys(DEFAULT_SUITE.settings ?? {}).filter((name) => !name.includes('.')),
  'openai.<name>: npx jarvis-load scenarios --suite=openai',
].join(', ');

/**
 * Flags about the target; `load` and `probe` share them.
 *
 * Must hold: a `secret` flag has `notInDocument: 'credentials'`; paths of certificates and keys are in the document, their contents
 * and passphrases never. `password` and `token` are not read from the config file; `header` is.
 */
export const TARGET_FLAGS = flagTable({
  target: {
    kind: text('<mock|local|name|url>'),
    description:
      'What to load: the built-in mock, the local API, a target of the config file by name, or a URL',
    example: '--target=mock',
    defaultText: 'local = http://localhost:8100',
    aliases: ['host'],
    legacyEnvironment: 'API_URL',
    notInDocument: 'the document names the target',
  },
  suite: {
    kind: choice(SUITE_NAMES),
    description:
      'Which tests: those of Jarvis, or those of any server with the OpenAI-style API (docs/guides/streaming.md)',
    example: '--suite=openai',
    defaultText: DEFAULT_SUITE.name,
  },
  confirmTarget: {
    kind: text('<host:port>'),
    description:
      'Says that loading this host is meant; needed for every target that is not loopback, and for every further base address of a test file, separated by commas',
    example: '--confirm-target=staging.example.org:443',
    defaultText: 'none',
    inConfig: false,
    notInDocument: 'the document names the target',
  },
  username: {
    kind: text('<name>'),
    description: 'Account to log in with',
    example: '--username=admin',
    defaultText: 'admin',
    legacyEnvironment: 'JARVIS_USERNAME',
    notInDocument: 'credentials',
  },
  password: {
    kind: anyText('<secret>'),
    description: 'Its password; better given by the environment, because others can read command lines',
    example: '--password=admin123',
    defaultText: 'admin123 on loopback; needed elsewhere',
    legacyEnvironment: 'JARVIS_PASSWORD',
    secret: true,
    inConfig: false,
    notInDocument: 'credentials',
  },
  token: {
    kind: token('<secret>'),
    description: 'Static bearer token; nobody logs in then',
    example: '--token=eyJhbGciOi...',
    defaultText: 'none: users log in',
    secret: true,
    inConfig: false,
    notInDocument: 'credentials',
  },
  accounts: {
    kind: text('<file>'),
    description: 'CSV (username,password) or JSON file of accounts, dealt out to the users in turn',
    example: '--accounts=accounts.csv',
    defaultText: 'none',
    notInDocument: 'credentials',
  },
  header: {
    kind: headers(),
    description: 'Sent with every request; repeatable; values are never shown',
    example: "--header='X-Team: load'",
    defaultText: 'none',
    secret: true,
    notInDocument: 'credentials',
  },
  ca: {
    kind: text('<file>'),
    description: "PEM certificates of the authorities to trust over TLS, in place of the system's",
    example: '--ca=company-ca.pem',
    defaultText: "the system's",
  },
  cert: {
    kind: text('<file>'),
    description:
      'PEM certificate of this client, with its chain, for a target that asks for one; with --key. Other base addresses have theirs in the test file',
    example: '--cert=client.pem',
    defaultText: 'none',
  },
  key: {
    kind: text('<file>'),
    description: 'PEM private key of --cert; its passphrase, if it has one, in LOAD_KEY_PASSPHRASE',
    example: '--key=client-key.pem',
    defaultText: 'none',
  },
  maxHeaderBytes: {
    kind: number({ integer: true, min: 1, max: 16 * 1024 * 1024 }),
    description: 'Largest headers of an answer; larger ones are a connection_error (headers_too_large)',
    example: '--max-header-bytes=65536',
    defaultText: '16384',
  },
  http2: {
    kind: onOff(),
    description: 'Offers HTTP/2 to a target with TLS; one request at a time on each connection, as without',
    example: '--http2',
    defaultText: 'off: HTTP/1.1',
  },
  cookies: {
    kind: onOff(),
    description: 'Each user keeps the cookies that answers set, apart from all others, and sends them back',
    example: '--cookies',
    defaultText: 'off',
  },
  requestTimeout: {
    kind: duration(),
    description: 'Time limit of one request, from handing it out to its last byte',
    example: '--request-timeout=10s',
    defaultText: '60s',
  },
  connectTimeout: {
    kind: duration(),
    description: 'Time limit of DNS, TCP and TLS of a new connection',
    example: '--connect-timeout=2s',
    defaultText: '10s',
  },
  set: {
    kind: pairs('<name=value>', '='),
    description: `A setting of the mock (prefixed with "mock.") or of the scenarios (${SETTING_NAMES}); repeatable`,
    example: '--set mock.preset=degraded',
    defaultText: 'none',
  },
  probeWrites: {
    kind: onOff(),
    description: 'Probes every operation, also those that store something, before the load',
    example: '--probe-writes',
    defaultText: 'off: login and a list, which tell the dialect',
  },
  config: {
    kind: text('<file>'),
    description: 'Config file, with allowed targets and defaults for these flags',
    example: '--config=load/staging.json',
    defaultText: 'jarvis-load.config.json, if there is one',
    inConfig: false,
    notInDocument: 'its values are in the document',
  },
  debug: {
    kind: onOff(),
    description: 'Shows stack traces, and what is going on behind the run',
    example: '--debug',
    defaultText: 'off',
    inConfig: false,
    notInDocument: 'shown only',
  },
});
