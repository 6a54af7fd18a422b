import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError, usageError } from '../cli-error.ts';
import type { FlagText, SourceName } from '../options/flag.ts';
import type { TargetSettings } from '../options/load-settings.ts';

const EXPECTED = 'a PEM file with one or more certificates (-----BEGIN CERTIFICATE-----)';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function readPem(path: string, cwd: string, source: SourceName, expected: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw new CliError({
      exit: 'usage',
      code: 'pem-unreadable',
      problem: `${source}: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`,
      expected,
      cause,
    });
  }
}

/** Reads `--ca` or `--cert`. @throws CliError exit 2 for a file that cannot be read or contains no certificates */
export function readCertificates(
  path: string,
  cwd: string,
  source: SourceName = '--ca' satisfies FlagText<TargetSettings>,
): string {
  const text = readPem(path, cwd, source, EXPECTED);
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw usageError('ca', `${source}: ${path} holds no certificate`, EXPECTED);
  for (const [place, certificate] of certificates.entries()) {
    try {
      void new X509Certificate(certificate);
    } catch {
      throw usageError('ca', `${source}: certificate ${place + 1} of ${path} cannot be read`, EXPECTED);
    }
  }
  // Only the certificates: the file may also contain private keys.
  return certificates.join('\n');
}

/** Certificate and key of this client. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

/** Which files, and how they were named. */
export interface CertificateFiles {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly sources: { readonly cert: SourceName; readonly key: SourceName };
}

const KEY = 'a PEM file with the private key of --cert (-----BEGIN PRIVATE KEY-----)';

/**
 * Reads `--cert` and `--key`; undefined without them. Nothing of the key is shown.
 *
 * @throws CliError exit 2 for one without the other, for files that cannot be used, and for a key of another certificate
 */
export function readClientCertificate(
  { cert, key, sources }: CertificateFiles,
  cwd: string,
  passphrase: string | undefined,
): ClientCertificate | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    const [given, missing] = cert === undefined ? [sources.key, '--key'] : [sources.cert, '--cert'];
    throw usageError(
      'client-certificate',
      `${given} is given without ${missing === '--key' ? '--cert' : '--key'}`,
      'both: --cert=<file> and --key=<file>',
    );
  }
  const chain = readCertificates(cert, cwd, sources.cert);
  const pem = readPem(key, cwd, sources.key, KEY);
  let secret: KeyObject;
  try {
    secret = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const encrypted = /passphrase|bad decrypt|interrupted or cancelled/i.test((error as Error).message);
    throw usageError(
      'client-key',
      encrypted
        ? `${sources.key}: ${key} is encrypted, and ${passphrase === undefined ? 'LOAD_KEY_PASSPHRASE is not set' : 'LOAD_KEY_PASSPHRASE does not open it'}`
        : `${sources.key}: ${key} holds no private key`,
      encrypted ? 'its passphrase in the environment variable LOAD_KEY_PASSPHRASE' : KEY,
    );
  }
  if (!new X509Certificate(chain).checkPrivateKey(secret)) {
    throw usageError(
      'client-key',
      `${sources.key}: ${key} is not the key of the certificate in ${cert}`,
      'the private key that the certificate was made for',
    );
  }
  return { cert: chain, key: pem, ...(passphrase === undefined ? {} : { passphrase }) };
}

/** The same with a key that is not encrypted. */
export function withoutPassphrase({ cert, key, passphrase }: ClientCertificate): ClientCertificate {
  if (passphrase === undefined) return { cert, key };
  return {
    cert,
    key: createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
