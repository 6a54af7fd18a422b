import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMeasured } from '../support/measured-process.js';
import { optionalProgram } from '../support/programs.js';

/**
 * Runs rate.k6.js and reads k6's own summary.
 *
 * @param {Record<string, string>} env
 * @param {number | undefined} cpu
 * @returns {Promise<{ duration: Record<'count' | 'avg' | 'med' | 'p(90)' | 'p(95)' | 'p(99)' | 'p(99.9)' | 'p(99.99)' |
 *   'max', number>, dropped: number } | undefined>} undefined without k6
 */
export async function k6Summary(env, cpu) {
  const k6 = optionalProgram('k6');
  if (k6 === undefined) return undefined;
  const OUT = join(mkdtempSync(join(tmpdir(), 'jarvis-load-bench-')), 'summary.json');
  const script = fileURLToPath(new URL('rate.k6.js', import.meta.url));
  const command = [k6, 'run', '--quiet', '--no-usage-report', script];
  const { status, stderr } = await runMeasured(command, { cpu, env: { ...env, OUT } });
  if (status !== 0) throw new Error(`k6 ended with ${status}:\n${stderr.slice(-2000)}`);
  const { metrics } = JSON.parse(readFileSync(OUT, 'utf8'));
  return {
    duration: metrics.http_req_duration.values,
    dropped: metrics.dropped_iterations?.values.count ?? 0,
  };
}
