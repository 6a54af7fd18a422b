import type { LoadResponse } from '@jarvis-load/engine';

/** Why there was no answer. */
export type UnreachableCause = 'refused' | 'dns' | 'timeout' | 'tls' | 'reset' | 'other';

const CAUSES: readonly (readonly [UnreachableCause, RegExp, string])[] = [
  ['refused', /ECONNREFUSED|connection refused/i, 'nothing listens there (connection refused)'],
  ['dns', /ENOTFOUND|EAI_AGAIN|no such host|dns|lookup /i, 'the host name cannot be resolved (DNS)'],
  ['tls', /CERT|TLS|SSL|x509|EPROTO|self.signed|UNABLE_TO_VERIFY/i, 'the TLS connection failed'],
  ['timeout', /TIMEOUT|ETIMEDOUT|timed out|deadline/i, 'no answer in time (timeout)'],
  ['reset', /ECONNRESET|EPIPE|SOCKET|reset|closed|EOF/i, 'the connection was closed before an answer came'],
];

const causeIn = (said: string) => CAUSES.find(([, pattern]) => pattern.test(said));

/** Cause of a transport error, as a keyword and as text; knows the errors of Node and of k6. */
export function explainUnreachable(response: LoadResponse): { cause: UnreachableCause; text: string } {
  const { code = '', message = '' } = response.error ?? {};
  const said = `${code} ${message}`;
  // The code first: it is unambiguous, while a message may contain any word, such as the DNS names of a certificate.
  const known = causeIn(code) ?? causeIn(said);
  if (known !== undefined) {
    const [cause, , text] = known;
    return { cause, text: cause === 'tls' && message !== '' ? `${text}: ${message}` : text };
  }
  if (response.outcome === 'timeout') return { cause: 'timeout', text: 'no answer in time (timeout)' };
  return { cause: 'other', text: `the connection failed (${said.trim() || 'no reason given'})` };
}
