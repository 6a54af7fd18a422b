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
 * The addresses to pin, in the resolver's order: those that accept a connection, as `localhost` is often both ::1 and
 * 127.0.0.1 with a server on one of them only. When none does, the first, so that the probe reports why.
 * @param most how many to pin: on this machine one, as another program may listen on each address of `localhost`
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
