/**
 * The texts of the files that `init` writes. Nothing is written here: files of packages are only read. `commands/init.ts` has checked
 * target and path.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { quoteForShell } from '../secrets/command-line.ts';

/** What the first test does. */
export interface FirstTest {
  /** `mock`, or an address. */
  readonly target: string;
  /** Begins with a slash. */
  readonly path: string;
}

const SCOPE = '@jarvis-load/';
const DIRECT = ['@jarvis-load/cli', '@jarvis-load/engine'];
const NODE_TYPES = ['@types/node', '^20.19.0'] as const;

/** Text as a literal of the test file: whatever it holds, it cannot end the literal. */
function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", String.raw`\'`)}'`;
}

/** A query as an object; a name that occurs several times has a list of its values. */
function querySource(query: string): string {
  const byName = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query))
    byName.set(name, [...(byName.get(name) ?? []), quoted(value)]);
  const members = [...byName].map(
    ([name, values]) => `${quoted(name)}: ${values.length === 1 ? values[0]! : `[${values.join(', ')}]`}`,
  );
  return `{ ${members.join(', ')} }`;
}

function testFile(path: string): string {
  const plain = path.split('?', 1)[0]!;
  const query = path.slice(plain.length + 1);
  const operation = quoted(`GET ${plain}`);
  const route = quoted(plain);
  const options = query === '' ? '' : `, { query: ${querySource(query)} }`;
  return `import { defineScenario } from '@jarvis-load/engine';

export default defineScenario({
  name: 'first',
  // Everything that the users request; each is a row of the report.
  operations: [${operation}],
  // What one user does, from start to end; an iteration.
  async run(user) {
    const answer = await user.get(${route}${options});
    user.check(answer, { 'has a body': (response) => response.text() !== '' });
  },
  // Its think time and requests: they bound the load where a host is allowed up to a rate.
  demand: { iterationSeconds: 0, requests: { ${operation}: 1 } },
  // The load unless flags ask for another: 20 iterations per second, whatever the target answers.
  executor: { kind: 'constant-arrival-rate', rate: 20, duration: '10s', maxVUs: 50 },
  // What the run is judged by.
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<500'] },
});
`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "module": "preserve",
    "target": "es2023",
    "strict": true,
    "noEmit": true,
    "types": ["node"],
    "allowImportingTsExtensions": true,
    "skipLibCheck": true
  }
}
`;

/** Folder of a package of ours, as the file `from` sees it; `require.resolve` would need an export of its package.json. */
function findFolder(name: string, from: string): string | undefined {
  const entry = createRequire(from).resolve.paths(name) ?? [];
  for (const folder of entry) {
    const path = `${folder}${sep}${name.replaceAll('/', sep)}${sep}package.json`;
    if (existsSync(path)) return dirname(realpathSync(path));
  }
  return undefined;
}

/** Our packages with their folders: nothing is published, so a package.json names them by path. */
function ownPackages(): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const add = (name: string): void => {
    if (Object.hasOwn(found, name)) return;
    const folder = findFolder(name, import.meta.filename);
    if (folder === undefined) throw new Error(`the package ${name} cannot be found`);
    found[name] = `file:${folder}`;
    const { dependencies = {} } = JSON.parse(readFileSync(`${folder}${sep}package.json`, 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) if (dependency.startsWith(SCOPE)) add(dependency);
  };
  for (const name of DIRECT) add(name);
  return found;
}

function packageFile(): string {
  return `${JSON.stringify(
    {
      name: 'load-tests',
      private: true,
      type: 'module',
      scripts: { load: 'jarvis-load load ./load.ts' },
      devDependencies: { ...ownPackages(), [NODE_TYPES[0]]: NODE_TYPES[1] },
    },
    null,
    2,
  )}\n`;
}

/**
 * The command that makes our packages a part of a folder with a `package.json` of its own; `undefined` where they are found already.
 *
 * @throws Error if a package of ours is missing from this installation
 */
export function installCommand(cwd: string): string | undefined {
  const path = join(cwd, 'package.json');
  if (DIRECT.every((name) => findFolder(name, path) !== undefined)) return undefined;
  const listed = listedIn(path);
  if (DIRECT.every((name) => listed.has(name))) return 'npm install';
  const wanted = Object.values(ownPackages());
  if (!listed.has(NODE_TYPES[0])) wanted.push(NODE_TYPES.join('@'));
  return `npm install --save-dev ${wanted.map(quoteForShell).join(' ')}`;
}

/** Names of the dependencies of a `package.json`; of one that cannot be read, none: `npm` says what is wrong with it. */
function listedIn(path: string): ReadonlySet<string> {
  try {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(path, 'utf8')) as Readonly<
      Record<string, object | undefined>
    >;
    return new Set(Object.keys({ ...dependencies, ...devDependencies }));
  } catch {
    return new Set();
  }
}

/**
 * The files of a first test, by name. A `package.json` that is there, such as one that `npm install` has made, is kept.
 *
 * @throws Error if a package of ours is missing from this installation
 */
export function firstFiles(
  { target, path }: FirstTest,
  hasPackageFile: boolean,
): ReadonlyMap<string, string> {
  return new Map([
    ['load.ts', testFile(path)],
    ['jarvis-load.config.json', `${JSON.stringify({ target }, null, 2)}\n`],
    ...(hasPackageFile ? [] : [['package.json', packageFile()] as const]),
    ['tsconfig.json', TSCONFIG],
  ]);
}
