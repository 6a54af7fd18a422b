import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../src/testing/virtual-clock.ts';
import { OwnConnection, SharedConnections, type FlightWithConnection } from '../src/transport/connections.ts';
import type { TransportFailure } from '../src/model/flight.ts';
import { ScriptedTarget } from '../src/testing/scripted-target.ts';

const CUT: TransportFailure = { outcome: 'timeout', code: 'request_timeout', message: 'cut' };

/** A flight that releases its connection when it ends, as requests do. */
function flight(
  path: string,
  log: string[],
  release: (self: FlightWithConnection) => void,
  lateMs: number,
): FlightWithConnection {
  const self: FlightWithConnection = {
    wire: { method: 'GET', path, head: '', host: undefined, close: false, body: null, bodyBytes: 0 },
    connection: undefined,
    lateMs,
    sentMs: Number.NaN,
    requestSentMs: Number.NaN,
    firstByteMs: Number.NaN,
    endMs: Number.NaN,
    connectMs: 0,
    tlsMs: 0,
    heldMs: 0,
    status: 0,
    head: '',
    chunks: [],
    bytesReceived: 0,
    sink: undefined,
    failure: undefined,
    ended: () => {
      log.push(`${path} ${self.failure?.code ?? self.status} at ${Math.trunc(self.endMs)}`);
      release(self);
    },
  };
  return self;
}

function own(afterMs: (path: string) => number) {
  const clock = new VirtualClock();
  const transport = new ScriptedTarget(clock, ({ path }) => ({ afterMs: afterMs(path) }));
  const connection = new OwnConnection(transport);
  const log: string[] = [];
  const make = (path: string) => flight(path, log, (self) => connection.release(self), 0);
  return { clock, transport, connection, log, make };
}

function shared(limit: number, afterMs: (path: string) => number = () => 10) {
  const clock = new VirtualClock();
  const transport = new ScriptedTarget(clock, ({ path }) => ({ afterMs: afterMs(path) }));
  const connections = new SharedConnections(transport, limit, clock);
  const log: string[] = [];
  const make = (path: string, lateMs = 0) => flight(path, log, (self) => connections.release(self), lateMs);
  return { clock, transport, connections, log, make };
}

describe("a user's own connection", () => {
  it('takes requests of the same moment in turn', async () => {
    const { clock, transport, connection, log, make } = own(() => 10);
    for (const path of ['/a', '/b', '/c']) connection.launch(make(path));
    await clock.advance(100);
    expect(log).toEqual(['/a 200 at 10', '/b 200 at 20', '/c 200 at 30']);
    expect(transport.opened).toBe(1);
  });

  it('stays with the request that is on it when one that waits is withdrawn', async () => {
    const { clock, connection, log, make } = own(() => 10);
    const [a, b, c] = [make('/a'), make('/b'), make('/c')];
    for (const each of [a, b, c]) connection.launch(each);
    await clock.advance(5);
    expect(connection.withdraw(b)).toBe(true);
    b.ended();
    expect(connection.withdraw(a)).toBe(false);
    await clock.advance(100);
    expect(log).toEqual(['/b 0 at NaN', '/a 200 at 10', '/c 200 at 20']);
  });

  it('is replaced after a request on it was cut off, and the next one goes on the new one', async () => {
    const { clock, transport, connection, log, make } = own((path) => (path === '/a' ? 1000 : 10));
    const a = make('/a');
    connection.launch(a);
    connection.launch(make('/b'));
    await clock.advance(50);
    a.connection!.cancel(CUT);
    await clock.advance(100);
    expect(log).toEqual(['/a request_timeout at 50', '/b 200 at 60']);
    expect(transport.opened).toBe(2);
  });
});

describe('shared connections', () => {
  it('are used most recently used first, so that few stay open', async () => {
    const { clock, transport, connections, make } = shared(Number.POSITIVE_INFINITY);
    for (let k = 0; k < 5; k++) connections.launch(make(`/burst/${k}`));
    await clock.advance(20);
    expect(transport.opened).toBe(5);
    const taken = new Set<unknown>();
    for (let k = 0; k < 20; k++) {
      const next = make(`/later/${k}`);
      connections.launch(next);
      taken.add(next.connection);
      await clock.advance(20);
    }
    expect(taken.size).toBe(1);
    expect(transport.opened).toBe(5);
  });

  it('are limited in number; requests without one wait in order of arrival', async () => {
    const { clock, transport, connections, log, make } = shared(2);
    for (let k = 0; k < 6; k++) connections.launch(make(`/${k}`));
    await clock.advance(100);
    expect(log).toEqual([
      '/0 200 at 10',
      '/1 200 at 10',
      '/2 200 at 20',
      '/3 200 at 20',
      '/4 200 at 30',
      '/5 200 at 30',
    ]);
    expect(transport.opened).toBe(2);
  });

  it('drop a cancelled one, and open another for the waiting request', async () => {
    const { clock, transport, connections, log, make } = shared(1, (path) => (path === '/hang' ? 1e9 : 10));
    const hang = make('/hang');
    connections.launch(hang);
    connections.launch(make('/next'));
    await clock.advance(30);
    hang.connection!.cancel(CUT);
    await clock.advance(100);
    expect(log).toEqual(['/hang request_timeout at 30', '/next 200 at 40']);
    expect(transport.opened).toBe(2);
  });

  it('keep the order of a long queue, also when some of it is withdrawn', async () => {
    const { clock, connections, log, make } = shared(1, () => 1);
    const flights = Array.from({ length: 5000 }, (_, k) => make(`/${k}`));
    for (const each of flights) connections.launch(each);
    await clock.advance(2500);
    for (const k of [3000, 4000, 4999]) expect(connections.withdraw(flights[k]!)).toBe(true);
    expect(connections.withdraw(flights[100]!)).toBe(false);
    await clock.advance(5000);
    const expected = flights.map((_, k) => k).filter((k) => ![3000, 4000, 4999].includes(k));
    expect(log.map((line) => Number(/^\/(\d+)/.exec(line)![1]))).toEqual(expected);
  });

  it('open one per loop turn, while responses release others', async () => {
    const { clock, transport, connections, log, make } = shared(Number.POSITIVE_INFINITY, () => 0.05);
    await connections.open(10);
    for (let k = 0; k < 1000; k++) connections.launch(make(`/${k}`));
    await clock.advance(100);
    expect(log).toHaveLength(1000);
    expect(transport.opened).toBeLessThan(100);
  });

  it('open none for what was handed out late, as long as the target answers', async () => {
    const { clock, transport, connections, log, make } = shared(Number.POSITIVE_INFINITY, () => 3);
    await connections.open(10);
    for (let k = 0; k < 10; k++) connections.launch(make(`/warm/${k}`));
    await clock.advance(4);
    for (let k = 0; k < 500; k++) connections.launch(make(`/late/${k}`, 50));
    await clock.advance(400);
    expect(log).toHaveLength(510);
    expect(transport.opened).toBe(10);
  });

  it('open one for each that was handed out late when the target answers no more', async () => {
    const { clock, transport, connections, make } = shared(Number.POSITIVE_INFINITY, () => 1e6);
    await connections.open(10);
    for (let k = 0; k < 500; k++) connections.launch(make(`/late/${k}`, 50));
    await clock.advance(100);
    expect(transport.opened).toBe(500);
  });

  it('open beforehand, at most as many as there may be', async () => {
    const { transport, connections } = shared(3);
    expect(await connections.open(10)).toBe(3);
    expect(transport.opened).toBe(3);
  });

  it('close with the last user, not with one of them', async () => {
    const { clock, transport, connections, make } = shared(Number.POSITIVE_INFINITY);
    connections.launch(make('/'));
    await clock.advance(20);
    connections.view().close();
    expect(transport.closed).toBe(0);
    connections.close();
    expect(transport.closed).toBe(1);
  });
});
