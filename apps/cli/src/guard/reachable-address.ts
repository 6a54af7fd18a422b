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
 * The address to pin: `localhost` is often both ::1 and 127.0.0.1 with a server on one of them only. Asks each in the
 * resolver's order; when none accepts, the first, so that the probe reports why.
 */
export async function reachableAddress(
  addresses: readonly string[],
  port: number,
  timeoutMs: number,
): Promise<string | undefined> {
  if (addresses.length < 2) return addresses[0];
  for (const address of addresses) if (await accepts(address, port, timeoutMs)) return address;
  return addresses[0];
}
