import { connect } from 'node:net';

function accepts(address: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/**
 * The addresses to pin, in the resolver's order: of several, those that accept a connection; a single one is returned untried.
 * `localhost` often resolves to both ::1 and 127.0.0.1, with a server on only one of them. If none accepts, the first one, so that
 * the probe reports the error. Must hold: the guard has allowed the addresses, since this connects to them.
 * @param most maximum number: 1 on this machine, because another program may listen on the other address of `localhost`
 */
export async function reachableAddresses(
  addresses: readonly string[],
  port: number,
  timeoutMs: number,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  if (addresses.length < 2) return addresses;
  const accepted = await Promise.all(addresses.map((address) => accepts(address, port, timeoutMs)));
  const reachable = addresses.filter((_, index) => accepted[index]);
  return reachable.length > 0 ? reachable.slice(0, most) : addresses.slice(0, 1);
}
