// @ts-check
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { dirname } from 'node:path';

/**
 * The version and machine of a run: only runs with the same values count towards a proof.
 *
 * @returns {{ readonly version: string, readonly machine: string }}
 */
function provenance() {
  const git = (/** @type {string[]} */ ...words) =>
    execFileSync('git', words, { encoding: 'utf8', cwd: new URL('../..', import.meta.url) }).trim();
  const changed = git('status', '--porcelain', '--', 'packages', 'apps') === '' ? '' : ' with changes';
  const processors = cpus();
  return {
    version: `commit ${git('rev-parse', '--short', 'HEAD')}${changed}, Node ${process.versions.node}`,
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${process.platform} ${release()}`,
  };
}

/** @typedef {{ date: string, version: string, machine: string }} Recorded */

/**
 * Runs of a proof, one JSON object per line. Each is appended when it ends, so that an interrupted proof can be
 * continued.
 *
 * @template Run
 */
export class RunLog {
  #path;
  #provenance = provenance();

  /** @param {string} path */
  constructor(path) {
    this.#path = path;
  }

  get provenance() {
    return this.#provenance;
  }

  /** The runs of this version on this machine. */
  runs() {
    return this.#all().filter(
      ({ version, machine }) => version === this.#provenance.version && machine === this.#provenance.machine,
    );
  }

  /**
   * Runs on this machine, of whatever version.
   *
   * @returns {(Run & Recorded)[]}
   */
  runsOfMachine() {
    return this.#all().filter(({ machine }) => machine === this.#provenance.machine);
  }

  /** Number of runs of other versions or machines. */
  get others() {
    return this.#all().length - this.runs().length;
  }

  /** @param {Run} run */
  add(run) {
    mkdirSync(dirname(this.#path), { recursive: true });
    const line = { ...run, date: new Date().toISOString(), ...this.#provenance };
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }

  /** @returns {(Run & Recorded)[]} */
  #all() {
    if (!existsSync(this.#path)) return [];
    // Skips a line that an interruption truncated.
    return readFileSync(this.#path, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line)];
        } catch {
          return [];
        }
      });
  }
}
