import { isBuiltin } from 'node:module';
import { dirname, posix } from 'node:path';
import { readSource } from './read-source.ts';
import { longestFile, type Grant, type PackageRule } from './rules.ts';

/** Facts about the package of a checked file. */
export interface PackageFacts {
  readonly rule: PackageRule;
  /** Keys of `dependencies` and `peerDependencies` in its package.json. */
  readonly dependencies: ReadonlySet<string>;
  /** Importable specifiers of all packages in this workspace, from their `exports`. */
  readonly entries: ReadonlySet<string>;
}

const scope = '@jarvis-load/';

/**
 * The problems of one source file, one line each.
 *
 * @param path relative to the package's folder, with slashes: `src/index.ts`
 */
export function checkSource(
  path: string,
  text: string,
  { rule, dependencies, entries }: PackageFacts,
): string[] {
  const facts = readSource(path, text);
  const problems: string[] = [];
  const report = (line: number, problem: string) => problems.push(`${path}:${line} ${problem}`);

  for (const folder of rule.typesOnly ?? []) {
    if ((path === `src/${folder}.ts` || path.startsWith(`src/${folder}/`)) && !facts.typesOnly)
      report(1, `holds code; ${folder} has types only`);
  }
  for (const { specifier, typesOnly, line } of facts.imports) {
    if (specifier.startsWith('.')) {
      const climb = layerProblem(path, posix.join(dirname(path), specifier), rule.layers);
      if (climb) report(line, climb);
      if (!posix.join(dirname(path), specifier).startsWith('src/')) {
        report(line, `imports ${specifier}, which is outside its package's src`);
      }
    } else if (specifier.startsWith(scope)) {
      const problem =
        importProblem(specifier, typesOnly, rule.mayImport) ??
        confinedProblem(path, specifier, rule.confined);
      if (problem) report(line, problem);
      else if (!isEntry(specifier, entries))
        report(line, `imports ${specifier}, which is no entry of that package`);
      else if (!dependencies.has(packageOf(specifier))) {
        report(line, `imports ${specifier}, which is not in the dependencies of its package.json`);
      }
    } else if (!rule.node && isBuiltin(specifier)) {
      report(line, `imports ${specifier}: this package has to run where Node does not`);
    } else if (!typesOnly && !isBuiltin(specifier)) {
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      const isBundled = (rule.bundled ?? []).some((folder) => path.startsWith(`src/${folder}/`));
      if (!dependencies.has(name) && !isBundled && !(rule.provided ?? []).includes(name))
        report(line, `imports ${specifier}, which is not in the dependencies of its package.json`);
    }
    if (specifier === '@jarvis-load/engine/testing') report(line, `imports ${specifier}, which is for tests`);
  }
  for (const { specifier, line } of facts.files) {
    const climb = layerProblem(path, posix.join(dirname(path), specifier), rule.layers);
    if (climb) report(line, climb);
  }
  if (!rule.terminal && !rule.programs?.includes(path)) {
    for (const { what, line } of facts.terminalUses)
      report(line, `uses ${what}, which is the command line's`);
  }
  if (rule.unseeded !== undefined && !rule.unseeded.includes(path)) {
    for (const { what, line } of facts.unseededUses)
      report(line, `uses ${what}: time and chance come as parameters`);
  }
  if (!(rule.reexports ?? []).some((folder) => path.startsWith(`src/${folder}/`))) {
    for (const line of facts.starExports) report(line, 'exports with a star: name what is public');
  }
  return problems;
}

/** The problem of an import from a higher layer, or of a module without a layer; types count as well. */
function layerProblem(from: string, to: string, layers: PackageRule['layers']): string | undefined {
  if (layers === undefined || !to.startsWith('src/')) return undefined;
  const layerOf = (path: string): number => {
    const [, name = ''] = path.split('/');
    return layers.findIndex((names) => names.includes(name.replace(/\.ts$/, '')));
  };
  const [mine, other] = [layerOf(from), layerOf(to)];
  if (mine === -1) return `is in no layer of its package: add it to tools/architecture/rules.ts`;
  return other > mine ? `imports ${to}, which is in a higher layer` : undefined;
}

/** The problem of a file that is too long, or undefined. */
export function lengthProblem(path: string, text: string): string | undefined {
  const { lineCount, typesOnly } = readSource(path, text);
  if (lineCount <= longestFile || typesOnly) return undefined;
  return `${path} has ${lineCount} lines, more than ${longestFile}: split it`;
}

/** The package of an import: `@jarvis-load/engine` of `@jarvis-load/engine/result`. */
export function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, 2).join('/');
}

function importProblem(specifier: string, typesOnly: boolean, grants: readonly Grant[]): string | undefined {
  const matching = grants.filter(
    ({ from, except }) =>
      (from === specifier || specifier.startsWith(`${from}/`)) && !except?.includes(specifier),
  );
  if (matching.length === 0) return `may not import ${specifier}`;
  if (typesOnly || matching.some(({ access }) => access === 'code')) return undefined;
  return `may import only types of ${specifier}: write \`import type\``;
}

/** The problem of an import that belongs into other files of the package; types count as well. */
function confinedProblem(
  path: string,
  specifier: string,
  confined: PackageRule['confined'] = {},
): string | undefined {
  const places = confined[packageOf(specifier)];
  if (
    places === undefined ||
    places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)))
  )
    return undefined;
  return `imports ${specifier}, which only ${places.join(', ')} may`;
}

/** Whether `exports` contains the specifier, either exactly or by a pattern that ends in `*`. */
function isEntry(specifier: string, entries: PackageFacts['entries']): boolean {
  return [...entries].some((entry) =>
    entry.endsWith('*') ? specifier.startsWith(entry.slice(0, -1)) : specifier === entry,
  );
}
