import type { ExecutorOptions } from '@jarvis-load/engine';
import type { Credentials } from '@jarvis-load/jarvis';
import type { K6_VARIABLES } from '../k6/environment.ts';

/** Settings of a test, which k6's runtime receives as environment variables. */
export interface K6Settings {
  readonly baseUrl: string;
  /** URLs with the checked address to which their host is pinned: of the target and its further base addresses. */
  readonly pins: readonly { readonly url: string; readonly address: string | undefined }[];
  /** PEM texts of the certificate of this client; the key is not encrypted. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined;
  readonly credentials: Credentials;
  readonly identity: 'shared' | 'per-user';
  /** An arrival rate has `preAllocatedVUs`: k6 has no default of it. */
  readonly executor: ExecutorOptions;
  readonly seed: number;
  readonly runId: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Absolute path of a file with recordings that replace those of the bundle. */
  readonly recordingsFile?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly requestTimeoutMs: number | undefined;
}

type Variables = Partial<Record<keyof typeof K6_VARIABLES, string>>;

/**
 * All settings as environment variables. This includes secrets: other users of the machine can read command lines, but
 * not environments.
 */
export function settingsForK6(settings: K6Settings): Readonly<Record<string, string>> {
  const { credentials, certificate, identity, requestTimeoutMs } = settings;
  return {
    JARVIS_LOAD_TARGET: settings.baseUrl,
    ...('token' in credentials
      ? { JARVIS_LOAD_TOKEN: credentials.token }
      : { JARVIS_LOAD_K6_ACCOUNTS: JSON.stringify(credentials.accounts) }),
    JARVIS_LOAD_IDENTITY: identity,
    JARVIS_LOAD_K6_EXECUTOR: JSON.stringify(settings.executor),
    JARVIS_LOAD_SEED: String(settings.seed),
    JARVIS_LOAD_RUN_ID: settings.runId,
    JARVIS_LOAD_K6_SETTINGS: JSON.stringify(settings.settings),
    ...(settings.recordingsFile === undefined ? {} : { JARVIS_LOAD_K6_RECORDINGS: settings.recordingsFile }),
    JARVIS_LOAD_K6_HEADERS: JSON.stringify(settings.headers),
    JARVIS_LOAD_K6_USER_AGENT: settings.userAgent,
    JARVIS_LOAD_K6_HOSTS: JSON.stringify(Object.fromEntries(settings.pins.flatMap(pin))),
    ...(certificate === undefined ? {} : { JARVIS_LOAD_K6_CERTIFICATE: JSON.stringify(certificate) }),
    ...(requestTimeoutMs === undefined ? {} : { JARVIS_LOAD_K6_REQUEST_TIMEOUT: String(requestTimeoutMs) }),
  } satisfies Variables;
}

/** k6's `hosts`: a name without a port applies to all ports. A URL with an address as host needs no entry. */
function pin({ url, address }: K6Settings['pins'][number]): readonly (readonly [string, string])[] {
  const { hostname } = new URL(url);
  return address === undefined || hostname.replace(/^\[|\]$/g, '') === address ? [] : [[hostname, address]];
}
