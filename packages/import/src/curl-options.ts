import { parseArgs } from 'node:util';
import { ImportError } from './import-error.ts';

/*
 * The options of a curl command.
 *
 * Must hold:
 * - An unknown option is an error: whether the next word is its value is not known.
 * - `read-curl.ts` reads every option of `WITH_VALUE` and `SWITCHES` by its name.
 */

/** Options with a value that say what is sent, with curl's short form. */
const WITH_VALUE: Readonly<Record<string, string>> = {
  request: 'X',
  header: 'H',
  data: 'd',
  'data-raw': '',
  'data-ascii': '',
  'data-binary': '',
  'data-urlencode': '',
  json: '',
  form: 'F',
  'form-string': '',
  user: 'u',
  'oauth2-bearer': '',
  cookie: 'b',
  url: '',
  'url-query': '',
  'upload-file': 'T',
};
/** Options with a value that are ignored: how curl itself works, and headers that a test file does not keep. */
const IGNORED_WITH_VALUE: Readonly<Record<string, string>> = {
  'user-agent': 'A',
  referer: 'e',
  'max-time': 'm',
  'connect-timeout': '',
  output: 'o',
  'output-dir': '',
  proxy: 'x',
  'proxy-user': 'U',
  noproxy: '',
  cacert: '',
  capath: '',
  cert: 'E',
  'cert-type': '',
  key: '',
  'key-type': '',
  pass: '',
  'write-out': 'w',
  retry: '',
  'retry-delay': '',
  'retry-max-time': '',
  'cookie-jar': 'c',
  resolve: '',
  'connect-to': '',
  interface: '',
  'limit-rate': '',
  'max-redirs': '',
  'max-filesize': '',
  'dump-header': 'D',
  stderr: '',
  trace: '',
  'trace-ascii': '',
  ciphers: '',
  'tls-max': '',
  'keepalive-time': '',
  'speed-limit': 'Y',
  'speed-time': 'y',
  range: 'r',
};
const SWITCHES: Readonly<Record<string, string>> = {
  get: 'G',
  head: 'I',
  location: 'L',
  compressed: '',
  globoff: 'g',
};
const IGNORED_SWITCHES: Readonly<Record<string, string>> = {
  insecure: 'k',
  silent: 's',
  'show-error': 'S',
  verbose: 'v',
  include: 'i',
  fail: 'f',
  'fail-with-body': '',
  'fail-early': '',
  'no-buffer': 'N',
  'remote-name': 'O',
  'remote-header-name': 'J',
  'path-as-is': '',
  'location-trusted': '',
  'progress-bar': '#',
  'no-progress-meter': '',
  'create-dirs': '',
  'retry-connrefused': '',
  'retry-all-errors': '',
  ipv4: '4',
  ipv6: '6',
  'http1.0': '0',
  'http1.1': '',
  http2: '',
  'http2-prior-knowledge': '',
  http3: '',
  tlsv1: '1',
  'tlsv1.2': '',
  'tlsv1.3': '',
  'ssl-no-revoke': '',
  basic: '',
  anyauth: '',
  raw: '',
  'no-keepalive': '',
  'no-sessionid': '',
  'tcp-nodelay': '',
  'no-alpn': '',
  disable: 'q',
};

type Options = Record<string, { type: 'string' | 'boolean'; multiple: true; short?: string }>;

function optionsOf(names: Readonly<Record<string, string>>, type: 'string' | 'boolean'): Options {
  return Object.fromEntries(
    Object.entries(names).map(([name, short]) => [
      name,
      { type, multiple: true as const, ...(short === '' ? {} : { short }) },
    ]),
  );
}

const OPTIONS: Options = {
  ...optionsOf({ ...WITH_VALUE, ...IGNORED_WITH_VALUE }, 'string'),
  ...optionsOf({ ...SWITCHES, ...IGNORED_SWITCHES }, 'boolean'),
};

/** An option of a curl command that says what is sent, in the order of the command; a URL is the option `url`. */
export interface CurlOption {
  readonly name: string;
  readonly value: string;
}

/**
 * Reads the words of a curl command.
 *
 * @param words without `curl` itself
 * @throws ImportError for an option that is in none of the tables, and for one without its value
 */
export function curlOptions(words: readonly string[]): readonly CurlOption[] {
  const { tokens } = parseArgs({
    args: [...words],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.flatMap((token): CurlOption[] => {
    if (token.kind === 'positional') return [{ name: 'url', value: token.value }];
    if (token.kind === 'option-terminator') return [];
    const { name, rawName, value } = token;
    if (!Object.hasOwn(OPTIONS, name))
      throw new ImportError(
        `curl: the option ${rawName} cannot be imported`,
        'options that say what is sent: -X, -H, -d, --data-raw, --json, -F, -u, -b, -G, -I, -L, -T',
        'leave it out of the line',
      );
    if (OPTIONS[name]?.type === 'string' && value === undefined)
      throw new ImportError(`curl: the option ${rawName} has no value`, 'the whole line, as it was copied');
    if (Object.hasOwn(WITH_VALUE, name) || Object.hasOwn(SWITCHES, name))
      return [{ name, value: value ?? '' }];
    return [];
  });
}
