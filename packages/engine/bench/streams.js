// @ts-check
/**
 * What streams cost: CPU of a chunk and lateness of stamps at 20,000 chunks/s beside a bare reader of sockets, and the memory of
 * 5,000 open streams beside as many requests that wait. `node packages/engine/bench/streams.js [--rounds=3]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

/** @typedef {{ kind: string, streams: number, chunks: number, cpuUs: number, p50: number, p99: number, mostMiB: number, rssMiB: number }} Cost */

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });

/**
 * @param {string} kind
 * @param {number} streams
 * @param {number} everyMs
 * @param {number} chunks of each
 * @param {number} sampleMs when memory is measured; 0: never
 * @returns {Promise<Cost>}
 */
async function measure(kind, streams, everyMs, chunks, sampleMs = 0) {
  const source = fork(new URL('support/stream-source.js', import.meta.url), [
    String(everyMs),
    String(chunks),
  ]);
  const [port] = await once(source, 'message');
  const client = fork(
    new URL('support/stream-client.js', import.meta.url),
    [kind, String(port), String(streams), String(sampleMs)],
    { execArgv: ['--expose-gc'] },
  );
  const [cost] = await once(client, 'message');
  source.disconnect();
  return cost;
}

const CHUNKS = 500;
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const kind of ['bare', 'engine']) {
    const { chunks, cpuUs, p50, p99 } = await measure(kind, 200, 10, CHUNKS);
    console.log(
      `${kind}: ${chunks} chunks, ${(cpuUs / chunks).toFixed(1)} us CPU each, stamp after the write p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
    );
  }
}
for (const kind of ['plain', 'engine']) {
  const { streams, mostMiB, rssMiB } = await measure(kind, 5000, 2000, 15, 22_000);
  console.log(
    `${kind}: ${streams} at once, heap and buffers ${mostMiB.toFixed(0)} MiB, RSS ${rssMiB.toFixed(0)} MiB`,
  );
}
