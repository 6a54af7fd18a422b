import type { TlsOptions } from '../model/tls-options.ts';
import { flag, secretText, textLike, type Rules } from './rules.ts';

/**
 * Errors do not show `cert`, `key` and `passphrase`. Whether the values can be used is checked by `definition/checked-tls.ts`.
 */
export const TLS: Rules<TlsOptions> = {
  ca: textLike('PEM certificates in one string'),
  rejectUnauthorized: flag,
  cert: secretText,
  key: secretText,
  passphrase: secretText,
};
