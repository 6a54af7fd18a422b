import { lookup } from 'node:dns/promises';

/** Every address of a host name. */
export async function lookupAll(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}
