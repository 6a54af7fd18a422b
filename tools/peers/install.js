// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { minimumGo, peers } from './catalogue.js';
import { findOnPath, findOwn, goFolder, npmFolder, pythonFolder } from './find-peer.js';
import { run, succeeds } from './run.js';

/** @typedef {import('./catalogue.js').PeerName} PeerName */

/**
 * `go install` into `.peers/bin`, or `go build` of a folder beside this file.
 *
 * @param {PeerName} name
 */
export function installWithGo(name) {
  const { from, package: module, version, programs } = peers[name];
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const found = status === 0 ? stdout.trim().replace(/^go/, '') : undefined;
  if (found === undefined || !isAtLeast(found, minimumGo)) {
    throw new Error(
      `${name} is built from source and needs Go ${minimumGo} or newer (${found ? `found ${found}` : 'found none'}): ` +
        'get it from go.dev/dl, or `actions/setup-go` in a workflow',
    );
  }
  mkdirSync(goFolder, { recursive: true });
  if (from === 'go') {
    // In a folder of its own first, as two versions of a program have one name there.
    const made = mkdtempSync(join(goFolder, `${name}-`));
    run('go', ['install', `${module}@v${version}`], { GOBIN: made });
    const [program = ''] = readdirSync(made);
    renameSync(join(made, program), join(goFolder, programs[0]));
    rmSync(made, { recursive: true });
    return;
  }
  const folder = join(import.meta.dirname, module);
  run('go', ['-C', folder, 'build', '-ldflags=-s -w', '-o', join(goFolder, module), '.']);
}

/**
 * `pip install` into a virtual environment under `.peers`.
 *
 * @param {PeerName} name
 */
export function installWithPython(name) {
  const { package: project, version } = peers[name];
  const pip = join(pythonFolder, 'bin', 'pip');
  if (!existsSync(pip)) {
    // Debian's python3 without python3-venv creates an incomplete environment.
    rmSync(pythonFolder, { recursive: true, force: true });
    if (!succeeds('python3', ['-c', 'import ensurepip, venv'])) installWithApt(['python3', 'python3-venv']);
    run('python3', ['-m', 'venv', pythonFolder]);
  }
  run(pip, ['install', '--quiet', '--disable-pip-version-check', `${project}==${version}`]);
}

/**
 * `npm install` into a folder under `.peers`.
 *
 * @param {PeerName} name
 */
export function installWithNpm(name) {
  const { package: project, version } = peers[name];
  mkdirSync(npmFolder, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', '--ignore-scripts'];
  run('npm', ['install', '--prefix', npmFolder, '--save-exact', ...quiet, `${project}@${version}`]);
}

/**
 * `apt-get install`, if possible without a password prompt.
 *
 * @param {readonly string[]} packages
 */
export function installWithApt(packages) {
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (!succeeds('apt-get', ['--version'])) {
    throw new Error(`${packages.join(', ')}: not a Debian system; install with your own package manager`);
  }
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !succeeds('sudo', ['-n', 'true'])) {
    throw new Error(`${packages.join(', ')}: needs root; run \`sudo ${command}\``);
  }
  const asRoot = (/** @type {string[]} */ ...words) => {
    // With runlevel 1, servers are installed without being started.
    const [program = '', ...rest] = [
      ...(isRoot ? [] : ['sudo', '-n']),
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'RUNLEVEL=1',
      ...words,
    ];
    run(program, rest);
  };
  asRoot('apt-get', 'update', '--quiet');
  asRoot('apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', ...packages);
}

/**
 * The version that a peer reports, or undefined when it is not installed.
 *
 * @param {PeerName} name
 * @returns {string | undefined}
 */
export function installedVersion(name) {
  const path = findOwn(name) ?? findOnPath(name);
  if (path === undefined) return undefined;
  // Ignore exit code and missing numbers: wrk exits with 1 after printing its version, and vegeta built by `go install`
  // prints no number.
  const { error, stdout, stderr } = spawnSync(path, peers[name].versionArguments, { encoding: 'utf8' });
  if (error) return undefined;
  return /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'unknown version';
}

/**
 * @param {string} version
 * @param {string} minimum
 */
function isAtLeast(version, minimum) {
  const [a = 0, b = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [x = 0, y = 0] = minimum.split('.').map(Number);
  return a > x || (a === x && b >= y);
}
