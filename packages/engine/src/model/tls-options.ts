/**
 * Verification of the server's certificate, and the client's own. PEM texts, not paths. `key` and `passphrase` are secrets: they
 * stay out of documents, journals and messages. Bases of a scenario get `ca` and `rejectUnauthorized` of the run, not the rest.
 */
export interface TlsOptions {
  /** PEM certificates of authorities to trust instead of the system's. @default the system's */
  readonly ca?: string;
  /** Whether a certificate without a trusted authority is a failure. @default true */
  readonly rejectUnauthorized?: boolean;
  /** PEM certificate of this client, with its chain, for servers that ask for one. @default none */
  readonly cert?: string;
  /** PEM private key of `cert`. @default none */
  readonly key?: string;
  /** Passphrase of an encrypted `key`. @default none */
  readonly passphrase?: string;
}
