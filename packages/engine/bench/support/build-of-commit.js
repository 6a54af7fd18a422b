import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
/** Below node_modules, so that the other build finds the installed dependencies and git ignores it. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'jarvis-load-bench');

/**
 * Builds the engine of another commit, once: `<cache>/<commit>/packages/engine/dist/index.js`.
 *
 * @param {string} reference of git, such as `HEAD~3` or a tag
 * @returns {{ commit: string, engine: string }} abbreviated commit; path to the entry of its build
 */
export function buildOfCommit(reference) {
  const commit = git('rev-parse', '--verify', `${reference}^{commit}`).toString().trim();
  const folder = join(CACHE, commit);
  const engine = join(folder, 'packages', 'engine', 'dist', 'index.js');
  if (!existsSync(engine)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const archive = git('archive', commit, 'tsconfig.base.json', 'packages/engine');
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [compiler, '-p', join(folder, 'packages', 'engine', 'tsconfig.json')], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
  return { commit: commit.slice(0, 8), engine };
}

/** @param {readonly string[]} words */
function git(...words) {
  return execFileSync('git', words, { cwd: ROOT, maxBuffer: 1 << 28 });
}
