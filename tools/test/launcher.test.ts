import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/**
 * Uses the real launcher, Nx and TypeScript with a one-line program: the test covers when and how the program is built.
 */
const root = join(import.meta.dirname, '..', '..');

let workspace: string;
let app: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'jarvis-load-launcher-'));
  app = join(workspace, 'apps', 'cli');
  mkdirSync(join(app, 'src'), { recursive: true });
  cpSync(join(root, 'apps', 'cli', 'bin'), join(app, 'bin'), { recursive: true });

  const modules = join(workspace, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const name of ['nx', 'typescript', '.bin/tsc']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const writeJson = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));
  writeJson(join(workspace, 'package.json'), { name: 'w', private: true, workspaces: ['apps/*'] });
  writeJson(join(workspace, 'package-lock.json'), { name: 'w', lockfileVersion: 3, packages: {} });
  writeJson(join(workspace, 'nx.json'), { neverConnectToCloud: true, analytics: false });
  writeJson(join(workspace, 'tsconfig.base.json'), {});
  writeJson(join(app, 'package.json'), {
    name: '@jarvis-load/cli',
    type: 'module',
    scripts: { build: 'tsc -p tsconfig.json' },
    dependencies: {},
  });
  writeJson(join(app, 'tsconfig.json'), {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023'],
      types: [],
      rootDir: 'src',
      outDir: 'dist',
      composite: true,
      tsBuildInfoFile: 'dist/.tsbuildinfo',
    },
    include: ['src'],
  });
  writeProgram("'one'");
  writeFileSync(join(app, 'src', 'other.ts'), 'export const other = 1;');
});

afterEach(() => rmSync(workspace, { recursive: true, force: true }));

function writeProgram(value: string): void {
  writeFileSync(
    join(app, 'src', 'main.ts'),
    `declare const process: any, console: any, setInterval: any;
     const what: string = ${value};
     console.log(what, process.argv.slice(2).join(' '));
     if (what === 'fail') process.exit(42);
     if (what === 'stay') { console.log(String(process.pid)); setInterval(() => {}, 1000); }
     export {};`,
  );
}

function start(...words: string[]) {
  return spawn(process.execPath, [join(app, 'bin', 'jarvis-load.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function launch(...words: string[]) {
  const child = start(...words);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code: code as number | null };
}

describe('the launcher in a checkout', () => {
  it('builds before the first run, says so in one line, and does not build again', async () => {
    expect(await launch('load', '--users=3')).toEqual({
      stdout: 'one load --users=3\n',
      stderr: 'building jarvis-load (first run)...\n',
      code: 0,
    });
    expect(await launch('probe')).toEqual({ stdout: 'one probe\n', stderr: '', code: 0 });
  });

  it('builds again after a change of the sources, and once only when they are touched without one', async () => {
    await launch();
    writeProgram("'two'");
    const built = 'building jarvis-load (sources changed)...\n';
    expect(await launch()).toMatchObject({ stdout: 'two \n', stderr: built });
    writeProgram("'two'");
    expect(await launch()).toMatchObject({ stdout: 'two \n', stderr: built });
    expect(await launch()).toMatchObject({ stdout: 'two \n', stderr: '' });
  });

  it('builds again when a part of the build is missing', async () => {
    await launch();
    for (const lost of ['other.js', 'main.js']) {
      rmSync(join(app, 'dist', lost));
      expect(await launch()).toMatchObject({ stdout: 'one \n', code: 0 });
    }
    expect(await launch()).toMatchObject({ stdout: 'one \n', stderr: '' });
  });

  it('builds again when a bundle is missing, or the list of them', async () => {
    cpSync(join(root, 'tools', 'build'), join(workspace, 'tools', 'build'), { recursive: true });
    writeFileSync(
      join(app, 'build.mjs'),
      `import { putFile } from '../../tools/build/put-file.js';
       for (const name of ['page.js', 'page.css']) putFile(import.meta.dirname + '/dist/assets/' + name, name);`,
    );
    await launch();
    const lost = ['assets/page.css', 'assets', 'bundled.json'];
    for (const each of lost) {
      rmSync(join(app, 'dist', each), { recursive: true });
      expect(await launch()).toMatchObject({
        stdout: 'one \n',
        stderr: expect.stringContaining('building') as string,
        code: 0,
      });
      expect(readFileSync(join(app, 'dist', 'assets', 'page.css'), 'utf8')).toBe('page.css');
    }
    expect(await launch()).toMatchObject({ stdout: 'one \n', stderr: '' });
  });

  it('leaves a build alone that is up to date, whatever else is built', async () => {
    await launch();
    const before = statSync(join(app, 'dist', 'main.js'));
    utimesSync(join(app, 'src', 'main.ts'), new Date(), new Date());
    await launch();
    const after = statSync(join(app, 'dist', 'main.js'));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it('builds once for two first runs at the same time', async () => {
    const runs = await Promise.all([launch('a'), launch('b')]);
    expect(runs.map(({ stdout }) => stdout)).toEqual(['one a\n', 'one b\n']);
    expect(runs.map(({ stderr }) => stderr).join('')).toBe('building jarvis-load (first run)...\n');
  });

  it('takes over the lock of a build that was killed', async () => {
    const lock = join(workspace, 'node_modules', '.cache', 'jarvis-load-build.lock');
    mkdirSync(lock, { recursive: true });
    const gone = spawn(process.execPath, ['--version']);
    await once(gone, 'close');
    writeFileSync(join(lock, 'pid'), String(gone.pid));
    expect(await launch()).toMatchObject({ stdout: 'one \n', code: 0 });
  });

  it('shows what the compiler said when the build fails, and starts nothing', async () => {
    writeProgram('12');
    const { stdout, stderr, code } = await launch();
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain("Type 'number' is not assignable to type 'string'");
    expect(stderr).toContain('the build failed');
  });

  it('says how to install what is not there', async () => {
    rmSync(join(workspace, 'node_modules'), { recursive: true });
    expect(await launch()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Run \`npm ci\` in ${workspace} first`),
    });
  });
});

describe('the program', () => {
  it('runs in the process of the launcher, so that its exit code and signals are its own', async () => {
    writeProgram("'fail'");
    expect(await launch()).toMatchObject({ code: 42 });

    writeProgram("'stay'");
    const child = start();
    const output: string[] = [];
    for await (const part of child.stdout) {
      output.push(String(part));
      if (/^\d+$/m.test(output.join(''))) break;
    }
    expect(output.join('')).toContain(`\n${child.pid}\n`);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  });

  it('starts without a build where there are no sources, as in an installed package', async () => {
    await launch();
    rmSync(join(app, 'src'), { recursive: true });
    rmSync(join(workspace, 'nx.json'));
    expect(await launch('load')).toEqual({ stdout: 'one load\n', stderr: '', code: 0 });
  });
});
