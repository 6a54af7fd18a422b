import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  readFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDockerfile, readDockerignore, type Instruction } from './support/dockerfile.ts';

/**
 * No image is built here: the steps of the Dockerfile are run in clean folders that stand for `/app` and `/work`. The three
 * steps of npm take minutes, so they are replaced by what they leave of this checkout: the packages of production, and the
 * built files. With DOCKERFILE_STEPS=all they are run too.
 */
const root = join(import.meta.dirname, '..', '..');
const stages = readDockerfile(join(root, 'Dockerfile'));
const runsAll = process.env['DOCKERFILE_STEPS'] === 'all';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-image-'));
const app = join(folder, 'app');
const work = join(folder, 'work');

/** Files of the build context. */
function contextFiles(): string[] {
  const list = spawnSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const isIgnored = readDockerignore(join(root, '.dockerignore'));
  return list.stdout.split('\0').filter((file) => file !== '' && !isIgnored(file));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  // Links cost nothing; another file system has none.
  for (const how of ['-al', '-a']) if (spawnSync('cp', [how, from, to]).status === 0) return;
  throw new Error(`${from} could not be copied`);
}

/** What the steps of npm leave, by step. */
const LEFT: Readonly<Record<string, () => void>> = {
  'npm ci --ignore-scripts': () => undefined,
  'npm run build': () => {
    for (const place of ['apps', 'packages']) {
      for (const name of readdirSync(join(root, place))) {
        const dist = join(place, name, 'dist');
        if (existsSync(join(root, dist))) copy(join(root, dist), join(app, dist));
      }
    }
  },
  'npm prune --omit=dev --ignore-scripts': () => {
    const { stdout } = spawnSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
      cwd: root,
      encoding: 'utf8',
    });
    const packages = stdout
      .trim()
      .split('\n')
      .map((path) => relative(root, path));
    for (const path of packages.toSorted()) {
      if (path.includes('node_modules') && !existsSync(join(app, path)))
        copy(join(root, path), join(app, path));
    }
  },
};

function runStep(text: string, cwd: string): void {
  const step = text.replaceAll('/app', app).replaceAll('/work', work);
  const stands = LEFT[text];
  if (stands !== undefined && !runsAll) return stands();
  const { status, stderr } = spawnSync('sh', ['-c', step], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${text} ended with ${status}: ${stderr.slice(-2000)}`);
}

const isRoot = process.getuid?.() === 0;

/** Not where Node is installed in the home folder of root. */
function canRunNode(uid: number): boolean {
  return spawnSync('node', ['-e', ''], { uid, gid: uid, cwd: '/' }).status === 0;
}

let user: number | undefined;
let entry: string[] = [];
const unknown: string[] = [];

function follow({ name, text }: Instruction, cwd: string): string {
  switch (name) {
    case 'FROM':
      return folder;
    case 'WORKDIR': {
      const place = text.replace('/app', app).replace('/work', work);
      mkdirSync(place, { recursive: true });
      return place;
    }
    case 'COPY':
      if (text === '. .') {
        for (const file of contextFiles()) {
          if (!existsSync(join(root, file))) continue;
          mkdirSync(dirname(join(cwd, file)), { recursive: true });
          copyFileSync(join(root, file), join(cwd, file));
        }
      } else if (text !== '--from=build /app /app') unknown.push(text);
      return cwd;
    case 'RUN':
      for (const step of text.split('&&').map((each) => each.trim())) {
        if (step.startsWith('chown ') && !isRoot) continue;
        runStep(step, cwd);
      }
      return cwd;
    case 'USER':
      user = isRoot && canRunNode(Number(text)) ? Number(text) : undefined;
      return cwd;
    case 'ENTRYPOINT':
      entry = (JSON.parse(text) as string[]).map((word) => word.replace('/app', app));
      return cwd;
    default:
      unknown.push(`${name} ${text}`);
      return cwd;
  }
}

/** The program as `docker run` starts it. */
function docker(...words: string[]) {
  const [program = '', ...before] = entry;
  return spawn(program, [...before, ...words], {
    cwd: work,
    // Nothing of this checkout may be found by its environment.
    env: { PATH: process.env['PATH'], HOME: work },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
}

describe('the steps of the Dockerfile', () => {
  beforeAll(() => {
    chmodSync(folder, 0o755);
    let cwd = folder;
    for (const stage of stages) for (const instruction of stage) cwd = follow(instruction, cwd);
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are all known to this test, and leave a program without its sources and development packages', () => {
    expect(unknown).toEqual([]);
    expect(entry).toEqual(['node', join(app, 'apps/cli/bin/jarvis-load.js')]);
    expect(existsSync(join(app, 'apps/cli/src'))).toBe(false);
    expect(existsSync(join(app, 'node_modules/vitest'))).toBe(false);
    expect(existsSync(join(app, 'node_modules/zeromq'))).toBe(true);
  });

  it('leave a program that makes load and writes its results into /work, as a user of its own', async () => {
    const run = docker(
      'load',
      '--target=mock',
      '--rate=5',
      '--duration=1s',
      '--scenario=memory',
      '--objectives=none',
    );
    let said = '';
    run.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(run, 'close')) as [number];
    // A busy machine makes the verdict, not the image.
    expect([0, 98, 99], said).toContain(code);
    const result = JSON.parse(readFileSync(join(work, 'results/latest/result.json'), 'utf8')) as {
      totals: { outcomes: { ok: number } };
    };
    expect(result.totals.outcomes.ok).toBeGreaterThan(0);
  }, 60_000);

  it('leave a worker for a Locust master, with the library of its socket', async () => {
    const worker = docker('worker', '--target=mock', '--master-port=1');
    let said = '';
    for await (const text of worker.stderr) {
      said += String(text);
      if (said.includes('waiting for the Locust master')) break;
    }
    expect(said).toContain('waiting for the Locust master at 127.0.0.1:1');
    worker.kill('SIGTERM');
    await once(worker, 'close');
  }, 60_000);
});
