import { fileURLToPath } from 'node:url';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optionalProgram } from '../support/programs.js';

/**
 * Every generator that is there, sending GET / at a constant rate.
 *
 * @param {string} origin
 * @param {number} rate
 * @param {number} seconds
 * @returns {{ name: string, command: readonly string[], env?: Record<string, string> }[]}
 */
export function pacingPeers(origin, rate, seconds) {
  const generator = fileURLToPath(new URL('../support/native-generator.js', import.meta.url));
  const executor = {
    kind: 'constant-arrival-rate',
    rate,
    duration: `${seconds}s`,
    preAllocatedVUs: 50,
    maxVUs: rate * 2,
  };
  /** @type {ReturnType<typeof pacingPeers>} */
  const peers = ['efficient', 'precise'].map((pacing) => ({
    name: `jarvis-load ${pacing}`,
    command: [
      process.execPath,
      generator,
      JSON.stringify({ baseUrl: origin, scenario: 'get', executor, pacing }),
    ],
  }));
  const vegeta = optionalProgram('vegeta');
  if (vegeta !== undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-bench-'));
    const targets = join(folder, 'targets.txt');
    writeFileSync(targets, `GET ${origin}/\n`);
    const options = `-targets ${targets} -rate ${rate}/1s -duration ${seconds}s -output ${join(folder, 'vegeta.bin')}`;
    peers.push({ name: 'vegeta', command: [vegeta, 'attack', ...options.split(' ')] });
  }
  const k6 = optionalProgram('k6');
  if (k6 !== undefined) {
    const script = fileURLToPath(new URL('rate.k6.js', import.meta.url));
    const env = {
      TARGET: `${origin}/`,
      RATE: `${rate}`,
      DURATION: `${seconds}s`,
      VUS: '100',
      MAX_VUS: `${rate}`,
    };
    peers.push({ name: 'k6', command: [k6, 'run', '--quiet', '--no-usage-report', script], env });
  }
  return peers;
}
