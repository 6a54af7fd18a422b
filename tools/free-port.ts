import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which Linux, macOS and Windows take ports of outgoing connections, and above those of usual services. */
const [FIRST, LAST] = [20_000, 32_000];

/**
 * A port of loopback that nothing listened on a moment ago. It stays free until somebody listens on it by number: one of the range
 * of outgoing connections could be taken by one of those, of a load test beside it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
