import { createSecureContext } from 'node:tls';
import { EngineError } from '../errors.ts';
import type { TlsOptions } from '../model/tls-options.ts';

/**
 * The options, if certificate and key can be used: a mistake would be a failure of every connection.
 * @param name such as `tls`, for the error, which shows nothing of their content
 * @throws EngineError `invalid-option`
 */
export function checkedTls(tls: TlsOptions | undefined, name: string): TlsOptions {
  if (tls === undefined) return {};
  const { ca, cert, key, passphrase } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key'];
    throw new EngineError(
      'invalid-option',
      `${name} has ${given} without ${missing}; expected both: the certificate of this client and its private key.`,
    );
  }
  try {
    void createSecureContext({ ca, cert, key, passphrase });
  } catch (error) {
    // Messages of OpenSSL name the problem, and nothing of the key.
    const reason = error instanceof Error ? error.message.replace(/^error:[\dA-F]*:/i, '') : '';
    throw new EngineError(
      'invalid-option',
      `${name} cannot be used (${reason}); expected PEM: ca, cert with its chain, and the key of cert${passphrase === undefined ? ', without a passphrase, or passphrase as well' : ' with its passphrase'}.`,
    );
  }
  return tls;
}
