import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SuiteDefinition } from '@jarvis-load/engine';
import type { ResultNote } from '@jarvis-load/engine/result';
import type { SourcePlace } from './code-frame.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { findInSources } from './find-in-sources.ts';
import type { TestExports } from './read-exports.ts';
import { isNode, nameOf, placeOf, syntaxOf, within, type Syntax } from './syntax.ts';

const LOAD = 'the load: its executor, or flags such as --users, --rate and --duration';

/** Exports that other tools read, or that are parts of a scenario, each with where it belongs. */
const PLACES: Readonly<Record<string, string>> = {
  options: `in each scenario ${LOAD}; promises: its thresholds`,
  handleSummary: 'export const afterRun = async (result) => { ... }, or a format of --format',
  thresholds: "in the scenario: defineScenario({ thresholds: { http_req_duration: ['p(95)<500'] }, ... })",
  executor: `in the scenario: defineScenario({ executor: { kind: 'constant-vus', vus: 5, duration: '1m' }, ... })`,
  setup:
    'in the scenario: defineScenario({ setup: async (user) => { ... }, ... }); without requests: beforeRun',
  teardown:
    'in the scenario: defineScenario({ teardown: async (user) => { ... }, ... }); without requests: afterRun',
  ...Object.fromEntries(
    ['onStart', 'onStop', 'wait', 'bases', 'feeders', 'metrics', 'requestTags', 'run', 'tasks'].map(
      (part) => [part, `in the scenario: defineScenario({ ${part}: ..., ... })`],
    ),
  ),
};

/** What of `options` k6 reads; other exports of this name are the person's own. */
const OPTIONS_OF_K6 = (
  'vus duration iterations stages scenarios thresholds rps maxRedirects batch insecureSkipTLSVerify tlsAuth hosts tags userAgent ' +
  'noConnectionReuse discardResponseBodies'
).split(' ');

/** Where a node has identifiers that are no use of a binding. */
const NAMING: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ['id'],
  FunctionDeclaration: ['id'],
  ClassDeclaration: ['id'],
  AssignmentExpression: ['left'],
  ImportSpecifier: ['imported', 'local'],
  ImportDefaultSpecifier: ['local'],
  ExportSpecifier: ['local', 'exported'],
  Property: ['key'],
  MethodDefinition: ['key'],
  PropertyDefinition: ['key'],
  MemberExpression: ['property'],
};

/** Without these a run passes that breaks its promises. The others may be there for further test files that import them. */
const REFUSED: ReadonlySet<string> = new Set(['options', 'thresholds', 'handleSummary']);

/**
 * Refuses exports that nothing would read and that hold promises or results, such as the thresholds of a k6 script: the run could pass
 * without what they promise. An export that a scenario has, or that code uses, is the person's own.
 *
 * @returns a warning for each other export that nothing reads
 * @throws CliError exit 2
 */
export function lostExports(
  { others }: TestExports,
  definitions: readonly SuiteDefinition[],
  file: CompiledFile,
): readonly ResultNote[] {
  const lost = [...others].filter(
    ([name, value]) =>
      Object.hasOwn(PLACES, name) &&
      isMeant(name, value) &&
      !definitions.some((definition) => Object.values(definition).includes(value)),
  );
  if (lost.length === 0) return [];
  const unused = unusedExports(file);
  const notes: ResultNote[] = [];
  for (const [name, value] of lost) {
    if (!unused.has(name)) continue;
    const problem = `${file.given}: exports ${name}, which nothing reads`;
    const expected = PLACES[name];
    const place = unused.get(name) ?? findInSources([name], file.sources.slice(-1));
    const holds = name !== 'options' || Object.hasOwn(value as object, 'thresholds');
    if (REFUSED.has(name) && holds)
      throw fileError({ code: 'file-export', problem, place, expected }, file.cwd);
    const at =
      place === undefined ? '' : ` (${relative(file.cwd, place.path)}:${place.line}:${place.column})`;
    notes.push({ level: 'warning', code: 'file-export', text: `${problem}${at}; expected ${expected}` });
  }
  return notes;
}

function isMeant(name: string, value: unknown): boolean {
  if (name !== 'options') return value !== undefined;
  return (
    typeof value === 'object' && value !== null && OPTIONS_OF_K6.some((each) => Object.hasOwn(value, each))
  );
}

/**
 * Exports of the compiled module whose binding no other code of it has, that of neighbours included, with the place of its declaration.
 * By names alone: esbuild gives a parameter or a local that has the name of a top-level binding another one. Empty where the module
 * cannot be parsed.
 */
function unusedExports(file: CompiledFile): ReadonlyMap<string, SourcePlace | undefined> {
  try {
    const text = readFileSync(fileURLToPath(file.module), 'utf8');
    const nodes = [...within(syntaxOf(text))];
    const naming = new Set(nodes.flatMap(namesIn));
    const used = new Set(nodes.flatMap((node) => (naming.has(node) ? [] : (nameOf(node) ?? []))));
    return new Map(
      nodes.flatMap(({ type, local, exported }): [string, SourcePlace | undefined][] => {
        const name = nameOf(local) ?? '';
        if (type !== 'ExportSpecifier' || used.has(name)) return [];
        const declared = nodes.find((node) => naming.has(node) && nameOf(node) === name);
        return [[nameOf(exported) ?? '', declared && placeOf(declared, text, file)]];
      }),
    );
  } catch {
    return new Map();
  }
}

/** Identifiers right within a node that declare, set, export or label something, or name a member. */
function namesIn(node: Syntax): readonly Syntax[] {
  const { type } = node;
  const members = NAMING[type] ?? [];
  if (type === 'Property' && node['shorthand'] === true) return [];
  if (node['computed'] === true) return [];
  return members.flatMap((member) => {
    const named = node[member];
    return isNode(named) ? [named] : [];
  });
}
