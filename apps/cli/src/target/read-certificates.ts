import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError, usageError } from '../cli-error.ts';
import type { SourceName } from '../options/flag.ts';

const EXPECTED = 'a PEM file with one or more certificates (-----BEGIN CERTIFICATE-----)';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads `--ca`. @throws CliError exit 2 for a file that cannot be read or contains no certificates */
export function readCertificates(path: string, cwd: string, source: SourceName = '--ca'): string {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw new CliError({
      exit: 'usage',
      code: 'ca-unreadable',
      problem: `${source}: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`,
      expected: EXPECTED,
      cause,
    });
  }
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
