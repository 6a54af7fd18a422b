import { readFileSync } from 'node:fs';
import { headerSource, secretValues } from '@jarvis-load/engine/secrets';
import { OutputError } from './output-error.ts';
import { SENDING_KINDS, type OutputSpec, type SendingKind } from './output-spec.ts';

/*
 * Credentials of receivers. Must hold:
 * - They come from the environment alone, never from `--out` or the config file (`receiver-url.ts` refuses them in a URL).
 * - Before a run, the caller calls `refuseSharedCredentials`, and adds `secretsOfCredentials` to its redactor. Nothing here
 *   redacts; `Receiver` does with the same values, as it cuts texts.
 * - A further part goes into `PARTS`, `credentialsOf` and, if secret, `secretsOfCredentials`; `Receiver` sends it.
 * - Errors name the variable, never its value; the path of `ca` is no secret.
 */

/** What a receiver gets beside the points. Never shown. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM certificates of the authorities to trust. */
  readonly ca?: string;
  /** The variable that names their file, for messages. */
  readonly caVariable?: string;
}

const PARTS = ['username', 'password', 'token', 'headers', 'ca'] as const;
type Part = (typeof PARTS)[number];

/** The variables of a kind, such as `JARVIS_LOAD_OUT_INFLUXDB_TOKEN`. */
export function environmentOf(kind: SendingKind): Readonly<Record<Part, string>> {
  const start = `JARVIS_LOAD_OUT_${kind.replaceAll('-', '_').toUpperCase()}`;
  return Object.fromEntries(PARTS.map((part) => [part, `${start}_${part.toUpperCase()}`])) as Record<
    Part,
    string
  >;
}

/** Every variable that outputs read. */
export const OUTPUT_VARIABLES: readonly string[] = SENDING_KINDS.flatMap((kind) =>
  Object.values(environmentOf(kind)),
);

function readHeaders(text: string, variable: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim();
    const value = line.slice(at + 1).trim();
    if (at < 1 || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new OutputError(
        `${variable} (environment) holds a line that is no header`,
        'Name: value, one per line',
      );
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

/**
 * The credentials of a receiver, from the environment only.
 *
 * @throws OutputError naming the variable, never its value
 */
export function credentialsOf(
  kind: SendingKind,
  environment: Readonly<Record<string, string | undefined>>,
): Credentials {
  const names = environmentOf(kind);
  const value = (part: Part): string | undefined => environment[names[part]] || undefined;
  const [username, password, token] = [value('username'), value('password'), value('token')];
  if (token !== undefined && (username !== undefined || password !== undefined))
    throw new OutputError(
      `${names.token} and ${names.username} or ${names.password} contradict each other`,
      'one of them',
    );
  if ((username === undefined) !== (password === undefined))
    throw new OutputError(
      `${username === undefined ? names.username : names.password} (environment) is missing`,
      `${names.username} and ${names.password} together`,
    );
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new OutputError(`${names.token} (environment) is no token`, 'visible characters without spaces');
  const ca = value('ca');
  return {
    headers: readHeaders(value('headers') ?? '', names.headers),
    caVariable: names.ca,
    ...(username === undefined || password === undefined ? {} : { username, password }),
    ...(token === undefined ? {} : { token }),
    ...(ca === undefined ? {} : { ca: readCa(ca, names.ca) }),
  };
}

function readCa(path: string, variable: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new OutputError(
      `${variable} (environment): ${path} cannot be read (${code})`,
      'a PEM file with certificates',
    );
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (certificates === null)
    throw new OutputError(
      `${variable} (environment): ${path} holds no certificate`,
      'a PEM file with certificates',
    );
  return certificates.join('\n');
}

/** Texts that must never be shown; of a header that names a scheme also what follows it. */
export function secretsOfCredentials({ password, token, username, headers }: Credentials): readonly string[] {
  const basic =
    username === undefined ? undefined : Buffer.from(`${username}:${password}`).toString('base64');
  // The token of InfluxDB 1.8 is `<user>:<password>`.
  const passwordOfToken = token?.includes(':') ? token.slice(token.indexOf(':') + 1) : undefined;
  const inHeaders = Object.entries(headers).flatMap(([name, text]) =>
    secretValues(headerSource(name, text) ?? { kind: 'header', text }),
  );
  return [password, token, passwordOfToken, basic, ...inHeaders].filter((secret) => secret !== undefined);
}

/**
 * Two receivers of a kind would get the same credentials: one of them may not be meant to have them.
 *
 * @throws OutputError
 */
export function refuseSharedCredentials(
  specs: readonly OutputSpec[],
  environment: Readonly<Record<string, string | undefined>>,
): void {
  for (const kind of SENDING_KINDS) {
    const origins = new Set(
      specs.flatMap((spec) => (spec.kind === kind && 'url' in spec ? spec.url.origin : [])),
    );
    if (origins.size < 2) continue;
    const { ca: _, ...secret } = environmentOf(kind);
    const set = Object.values(secret).find((name) => Boolean(environment[name]));
    if (set !== undefined)
      throw new OutputError(
        `${set} (environment) would be sent to ${[...origins].join(' and ')}`,
        `one receiver of kind ${kind} when it needs credentials`,
      );
  }
}
