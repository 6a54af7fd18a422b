import { OutputError } from './output-error.ts';
import type { InfluxPlace } from './output-spec.ts';

const EXPECTED =
  'http://host:8086/<database> for version 1, or http://host:8086?org=<org>&bucket=<bucket> for versions 2 and 3';

/**
 * Splits the URL of an InfluxDB: version 1 has the database as last part of the path, versions 2 and 3 name a bucket.
 * @param url of `parseReceiverUrl`, which has refused credentials; not changed
 * @throws OutputError
 */
export function parseInflux(url: URL): { readonly url: URL; readonly place: InfluxPlace } {
  const base = new URL(url);
  const bucket = base.searchParams.get('bucket');
  const org = base.searchParams.get('org') ?? undefined;
  for (const name of base.searchParams.keys())
    if (name !== 'bucket' && name !== 'org')
      throw new OutputError(`influxdb: unknown parameter "${name}" of the URL`, EXPECTED);
  base.search = '';
  if (bucket !== null) {
    if (bucket === '') throw new OutputError('influxdb: the bucket is empty', EXPECTED);
    return { url: base, place: { version: 2, bucket, org } };
  }
  if (org !== undefined) throw new OutputError('influxdb: there is an org, but no bucket', EXPECTED);
  const parts = base.pathname.split('/').filter((part) => part !== '');
  const database = parts.pop();
  if (database === undefined) throw new OutputError('influxdb: the URL names no database', EXPECTED);
  base.pathname = `/${parts.join('/')}`;
  return { url: base, place: { version: 1, database: decoded(database) } };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new OutputError('influxdb: the name of the database has a % that begins no character', EXPECTED);
  }
}
