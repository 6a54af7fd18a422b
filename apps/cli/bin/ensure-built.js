// @ts-check
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const workspace = dirname(dirname(app));
const scope = '@jarvis-load/';
const lock = join(workspace, 'node_modules', '.cache', 'jarvis-load-build.lock');

/** A build takes seconds; an older lock was left behind, for example by a machine that went down. */
const lockExpiryMs = 10 * 60_000;
const lockPollMs = 100;

/** What `tsc -b --verbose` says while all goes well. */
const PROGRESS_LINES = /^(\d\d:\d\d:\d\d [AP]M - .*| {4}\* .*|)\n/gm;

/**
 * In a checkout, builds the command line and the packages it depends on when `dist` is missing, incomplete or older
 * than the sources. In an installed package, which has no sources, does nothing. Ends the process when the build fails.
 *
 * @returns {Promise<void>}
 */
export async function ensureBuilt() {
  if (!existsSync(join(app, 'src')) || !existsSync(join(workspace, 'nx.json')) || isBuilt()) return;
  await acquireLock();
  try {
    // The previous holder of the lock may have built it.
    if (!isBuilt()) await build();
  } finally {
    releaseLock();
  }
}

/** The folders whose sources are part of the program: this one and its direct and indirect dependencies. */
function projects() {
  const folders = new Set([app]);
  for (const folder of folders) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      if (name.startsWith(scope)) folders.add(join(workspace, 'packages', name.slice(scope.length)));
    }
  }
  return [...folders];
}

/** `tsc` writes this file at the end of a successful build, so its time is the time of that build. */
function stamp(/** @type {string} */ folder) {
  return join(folder, 'dist', '.tsbuildinfo');
}

function removeStamps(/** @type {string} */ folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return;
  for (const name of readdirSync(dist)) if (name.endsWith('.tsbuildinfo')) rmSync(join(dist, name));
}

function isBuilt() {
  const shared = Math.max(
    modified(join(workspace, 'tsconfig.base.json')),
    modified(join(workspace, 'package-lock.json')),
  );
  return projects().every(
    (folder) => modified(stamp(folder)) >= Math.max(shared, newestSource(folder)) && isWhole(folder),
  );
}

/**
 * Whether each source file has its output, and each bundle is there: an output can be deleted after the build, for example by an
 * interrupted clean-up.
 */
function isWhole(/** @type {string} */ folder) {
  return isCompiled(folder) && isBundled(folder);
}

/** Bundlers list what they have written (`tools/build/put-file.js`). */
function isBundled(/** @type {string} */ folder) {
  if (!existsSync(join(folder, 'build.mjs'))) return true;
  const dist = join(folder, 'dist');
  try {
    const files = JSON.parse(readFileSync(join(dist, 'bundled.json'), 'utf8'));
    return files.every((/** @type {string} */ path) => existsSync(join(dist, path)));
  } catch {
    return false;
  }
}

function isCompiled(/** @type {string} */ folder) {
  const { exclude = [] } = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8'));
  return readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .filter(
      (path) => !exclude.some((/** @type {string} */ part) => join('src', path).startsWith(join(part, sep))),
    )
    .every((path) => existsSync(join(folder, 'dist', path.replace(/\.ts$/, '.js'))));
}

function newestSource(/** @type {string} */ folder) {
  const source = join(folder, 'src');
  // Include the folders themselves: their time changes when a file is removed or renamed.
  const paths = [
    source,
    ...readdirSync(source, { recursive: true, encoding: 'utf8' }).map((path) => join(source, path)),
  ];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && !entry.name.startsWith('vitest.')) paths.push(join(folder, entry.name));
  }
  return paths.reduce((newest, path) => Math.max(newest, modified(path)), 0);
}

/** Time of the last change in ms, or -Infinity when the file does not exist. */
function modified(/** @type {string} */ path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
}

async function build() {
  const first = !existsSync(join(app, 'dist', 'main.js'));
  const progress = showProgress(`building jarvis-load (${first ? 'first run' : 'sources changed'})`);
  // Without its record of the last build, the compiler writes all outputs; with it, missing ones are not written again.
  for (const folder of projects()) if (!isCompiled(folder)) removeStamps(folder);
  const startedAt = new Date();
  /** @type {string[]} */
  const output = [];
  const children = buildSteps().map((words) =>
    spawn(process.execPath, words, { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  for (const { stdout, stderr } of children)
    for (const stream of [stdout, stderr])
      stream.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
        output.push(part);
        progress.heard(part);
      });
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    for (const child of children) child.kill(signal);
    progress.end();
    releaseLock();
    process.exit(128 + constants.signals[signal]);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const codes = await Promise.all(
    children.map(
      (child) => new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
    ),
  );
  process.off('SIGINT', stop).off('SIGTERM', stop);
  progress.end();

  if (codes.some((code) => code !== 0)) {
    process.stderr.write(output.join('').replace(PROGRESS_LINES, ''));
    process.stderr.write(
      'jarvis-load: the build failed; what it said is above. Mend that, or run `npm ci` if the sources are as they came.\n',
    );
    releaseLock();
    process.exit(1);
  }
  // If sources were touched without a change, the compiler does not write `dist`: set the stamp to the start of this
  // build, or every start would build again.
  for (const folder of projects())
    if (existsSync(stamp(folder))) utimesSync(stamp(folder), startedAt, startedAt);
}

/**
 * A build takes up to a minute: on a terminal a line that is redrawn each second, with the packages that are built so far;
 * elsewhere one line.
 */
function showProgress(/** @type {string} */ title) {
  const total = projects().length;
  const startedAt = Date.now();
  let built = 0;
  const draw = () => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    process.stderr.write(`\r\u001b[K${title}: ${built} of ${total} packages, ${seconds} s`);
  };
  if (!process.stderr.isTTY) process.stderr.write(`${title}...\n`);
  else draw();
  const timer = process.stderr.isTTY ? setInterval(draw, 1000) : undefined;
  return {
    /** The compiler names each project when it begins with it. */
    heard(/** @type {string} */ text) {
      built = Math.min(total, built + (text.match(/ - Building project '/g) ?? []).length);
    },
    end() {
      clearInterval(timer);
      if (timer !== undefined) process.stderr.write('\r\u001b[K');
    },
  };
}

/**
 * What the packages' own build scripts make, as far as the program needs it: one compiler for all packages, which knows
 * their order, and beside it the bundles. Half the time of a task for each package.
 */
function buildSteps() {
  const bundles = projects().map((folder) => join(folder, 'build.mjs'));
  return [
    [compiler(), '-b', app, '--verbose'],
    ...bundles.filter((path) => existsSync(path)).map((path) => [path]),
  ];
}

function compiler() {
  const program = join(workspace, 'node_modules', 'typescript', 'bin', 'tsc');
  if (existsSync(program)) return program;
  releaseLock();
  process.stderr.write(
    `jarvis-load: its dependencies are not installed. Run \`npm ci\` in ${workspace} first.\n`,
  );
  return process.exit(1);
}

/** Prevents two first runs from building into the same folders: `mkdir` succeeds for only one of them. */
async function acquireLock() {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (isStale()) releaseLock();
    else await sleep(lockPollMs);
  }
}

function releaseLock() {
  rmSync(lock, { recursive: true, force: true });
}

function isStale() {
  const age = Date.now() - modified(lock);
  if (age > lockExpiryMs) return true;
  let pid;
  try {
    pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    // The holder has created the folder but not yet written its id, or has just removed it.
    return age > 5_000 && age !== Infinity;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}
