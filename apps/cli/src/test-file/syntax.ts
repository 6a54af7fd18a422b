import { createRequire, SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { SourcePlace } from './code-frame.ts';
import type { CompiledFile } from './compile-file.ts';

/* The syntax of a compiled module. */

/** A node as ESTree has it: its other members depend on its type. */
export interface Syntax {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } } | null;
  readonly [member: string]: unknown;
}

/** What is used of acorn. */
interface Acorn {
  parse(
    text: string,
    options: { readonly ecmaVersion: 'latest'; readonly sourceType: 'module'; readonly locations: true },
  ): Syntax;
}

export const isNode = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The whole module. Acorn is loaded here only, as few runs need it. @throws SyntaxError */
export function syntaxOf(module: string): Syntax {
  const require = createRequire(import.meta.url);
  const { parse } = require('acorn') as Acorn;
  return parse(module, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
}

/** A node and all nodes within it, each before those within it. */
export function* within(node: Syntax): Generator<Syntax> {
  yield node;
  for (const member of Object.values(node))
    for (const each of Array.isArray(member) ? (member as readonly unknown[]) : [member])
      if (isNode(each)) yield* within(each);
}

/** Of an identifier; `undefined` for every other value. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : undefined;
}

/** Where a node is in the sources; `undefined` for code that no source has. @param compiled text of the module */
export function placeOf({ loc }: Syntax, compiled: string, file: CompiledFile): SourcePlace | undefined {
  const [, encoded = ''] = /\/\/# sourceMappingURL=data:[^,]*;base64,([\w+/=]+)\s*$/.exec(compiled) ?? [];
  if (loc === null || loc === undefined || encoded === '') return undefined;
  const map = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString()) as SourceMapPayload);
  const entry = map.findEntry(loc.start.line - 1, loc.start.column);
  if (!('originalSource' in entry)) return undefined;
  const path = fileURLToPath(new URL(entry.originalSource, file.module));
  return file.sources.includes(path)
    ? { path, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
    : undefined;
}
