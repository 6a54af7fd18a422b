/** How a TLS failure can be fixed. */
export type TlsRemedy = 'trust' | 'renew' | 'clock' | 'name' | 'plain' | 'http2' | 'certificate';

/** Why there is no TLS connection. */
export interface TlsFailure {
  /** What is wrong, in words. */
  readonly problem: string;
  readonly remedy: TlsRemedy;
}

const UNKNOWN_AUTHORITY = "the server's certificate is from an unknown authority";
const NOT_TLS = 'the server does not speak TLS on this port';

/** By the codes of OpenSSL and Node (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const FAILURES: Readonly<Record<string, TlsFailure>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    problem: "the server's certificate is self-signed",
    remedy: 'trust',
  },
  SELF_SIGNED_CERT_IN_CHAIN: { problem: UNKNOWN_AUTHORITY, remedy: 'trust' },
  UNABLE_TO_GET_ISSUER_CERT: { problem: UNKNOWN_AUTHORITY, remedy: 'trust' },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { problem: UNKNOWN_AUTHORITY, remedy: 'trust' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    problem: `${UNKNOWN_AUTHORITY}, or its chain is incomplete`,
    remedy: 'trust',
  },
  CERT_HAS_EXPIRED: { problem: "the server's certificate has expired", remedy: 'renew' },
  CERT_NOT_YET_VALID: { problem: "the server's certificate is not valid yet", remedy: 'clock' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: "the server's certificate is for another host name",
    remedy: 'name',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: { problem: NOT_TLS, remedy: 'plain' },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { problem: NOT_TLS, remedy: 'plain' },
  ERR_SSL_HTTP_REQUEST: { problem: NOT_TLS, remedy: 'plain' },
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: {
    problem: 'the server speaks HTTP/2 only',
    remedy: 'http2',
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    problem: 'the server asks for the certificate of a client, and got none',
    remedy: 'certificate',
  },
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: {
    problem: 'the server does not know the authority of the certificate of this client',
    remedy: 'certificate',
  },
};

/** What to do, by the names of options; flags of the command line have the same. */
const ADVICE: Readonly<Record<TlsRemedy, string>> = {
  trust: 'to trust it, give its PEM as ca',
  renew: 'renew it there, or check the clock of this machine',
  clock: 'check the clocks of this machine and of its issuer',
  name: 'use a host name of the certificate',
  plain: 'use an http: URL, or the port for TLS',
  http2: 'set http2',
  certificate: 'give the certificate of this client as cert, and its key as key',
};

/** What a code of a failed connection says about TLS; nothing when it is about something else. */
export function explainTlsFailure(code: string): TlsFailure | undefined {
  return Object.hasOwn(FAILURES, code) ? FAILURES[code] : undefined;
}

/** The failure as a message; nothing when it is about something else. @param said what the TLS layer says itself */
export function tlsMessage(code: string, said: string): string | undefined {
  const failure = explainTlsFailure(code);
  if (failure === undefined) return undefined;
  // Only this message adds something to its code: the names in the certificate.
  const detail = failure.remedy === 'name' ? ` (${said})` : ` (${code})`;
  return `${failure.problem}${detail}: ${ADVICE[failure.remedy]}`;
}
