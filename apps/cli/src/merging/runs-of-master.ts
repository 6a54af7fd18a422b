import { usageError } from '../cli-error.ts';
import type { ReadPart } from './read-parts.ts';

/** Tag of a run that a Locust master steered: `host:port` of the master. Set by `commands/worker.ts`, as is `WORKER_TAG`. */
export const MASTER_TAG = 'locust_master';

/** Tag of a run that a Locust master steered: the process of the worker. */
export const WORKER_TAG = 'locust_worker';

/** A worker that starts so soon after the others ended was slow to start; a master needs longer for its next run. */
const PAUSE_MS = 1000;
/** Runs of a master that an error lists. */
const MOST_LISTED = 10;

/**
 * Whether the parts are workers of one run of a Locust master, rather than parts of a schedule. Their records name the master,
 * not its run: what ran at the same time is one run. Addresses of the master are not compared: workers may reach it under several.
 *
 * @throws CliError exit 2 for workers of several runs, two runs of one worker, or workers beside other parts
 */
export function areWorkers(parts: readonly ReadPart[]): boolean {
  const workers = parts.filter(({ info }) => info.tags[MASTER_TAG] !== undefined);
  if (workers.length === 0) return false;
  const other = parts.find((part) => !workers.includes(part));
  if (other !== undefined) {
    throw usageError(
      'merge-input',
      `${workers[0]!.name} is of a worker of a Locust master, and ${other.name} is not`,
      'parts of one run',
      'merge them apart',
    );
  }
  // A part of 0 seconds was killed at once: its time says nothing.
  const runs = inOrder(workers.filter(({ seconds }) => seconds > 0));
  if (runs.length > 1) throw severalRuns(runs);
  refuseTwice(workers);
  return true;
}

/** Groups of parts that overlap in time, one after another. */
function inOrder(parts: readonly ReadPart[]): ReadPart[][] {
  const runs: ReadPart[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const part of parts.toSorted((a, b) => a.startWallMs - b.startWallMs)) {
    const run = runs.at(-1);
    if (run === undefined || part.startWallMs > endMs + PAUSE_MS) runs.push([part]);
    else run.push(part);
    endMs = Math.max(endMs, part.endWallMs);
  }
  return runs;
}

/** A worker has one part in a run of the master, however near in time its runs are. @throws CliError exit 2 */
function refuseTwice(workers: readonly ReadPart[]): void {
  const seen = new Map<string, ReadPart>();
  for (const part of workers) {
    const worker = part.info.tags[WORKER_TAG];
    if (worker === undefined) continue;
    const before = seen.get(worker);
    if (before !== undefined) {
      throw usageError(
        'merge-input',
        `${before.folder} and ${part.folder} are runs of one worker, one after the other`,
        'the workers of one run of a Locust master',
        'give one folder of each worker',
      );
    }
    seen.set(worker, part);
  }
}

function severalRuns(runs: readonly (readonly ReadPart[])[]) {
  const lines = runs.slice(-MOST_LISTED).map((run) => {
    const at = new Date(run[0]!.startWallMs).toISOString().slice(0, 19);
    return `\n    ${at}Z, ${run.length} ${run.length === 1 ? 'worker' : 'workers'}: ${run.map(({ folder }) => folder).join(' ')}`;
  });
  const left = runs.length > lines.length ? ` (the last ${lines.length})` : '';
  return usageError(
    'merge-input',
    `these are workers of ${runs.length} runs of a Locust master, one after another${left}:${lines.join('')}`,
    'the workers of one run',
    'merge the folders of one line',
  );
}
