import { parseSync, Visitor } from 'oxc-parser';

/** An import, export or dynamic import of a module in a source file. */
export interface ImportSite {
  readonly specifier: string;
  /** The import disappears in the compiled code. Not so for `import { type A }`, which still imports the module. */
  readonly typesOnly: boolean;
  readonly line: number;
}

/** A use of the terminal: `console`, or a member of `process` reserved for the command line. */
export interface TerminalUse {
  readonly what: string;
  readonly line: number;
}

export interface SourceFacts {
  readonly imports: readonly ImportSite[];
  readonly terminalUses: readonly TerminalUse[];
  /** Lines of `export * from`. */
  readonly starExports: readonly number[];
  readonly lineCount: number;
  /** Contains only interfaces, type aliases, and imports and exports of types. */
  readonly typesOnly: boolean;
}

const terminalOfProcess = new Set(['abort', 'argv', 'exit', 'exitCode', 'kill', 'stderr', 'stdin', 'stdout']);

/** Facts about one file for the architecture test. Throws when the file does not parse. */
export function readSource(file: string, text: string): SourceFacts {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error) throw new Error(`${file} does not parse: ${error.message}`);

  const imports: ImportSite[] = [];
  const terminalUses: TerminalUse[] = [];
  const starExports: number[] = [];
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const found = (node: { start: number }, specifier: string, typesOnly: boolean) =>
    imports.push({ specifier, typesOnly, line: lineOf(node.start) });
  const used = (node: { start: number }, what: string) =>
    terminalUses.push({ what, line: lineOf(node.start) });

  new Visitor({
    ImportDeclaration(node) {
      found(node, node.source.value, node.importKind === 'type');
      if (/^(node:)?(process|console)$/.test(node.source.value)) used(node, node.source.value);
    },
    ExportNamedDeclaration(node) {
      if (node.source) found(node, node.source.value, node.exportKind === 'type');
    },
    ExportAllDeclaration(node) {
      found(node, node.source.value, node.exportKind === 'type');
      if (node.exported === null) starExports.push(lineOf(node.start));
    },
    ImportExpression(node) {
      if (node.source.type === 'Literal') found(node, String(node.source.value), false);
    },
    TSImportType(node) {
      found(node, node.source.value, true);
    },
    CallExpression(node) {
      const [argument] = node.arguments;
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'require') return;
      if (argument?.type === 'Literal') found(node, String(argument.value), false);
    },
    MemberExpression(node) {
      const owner = node.object.type === 'Identifier' ? node.object.name : undefined;
      const property =
        node.property.type === 'Identifier' && !node.computed
          ? node.property.name
          : node.property.type === 'Literal'
            ? String(node.property.value)
            : '?';
      if (owner === 'console' || (owner === 'process' && terminalOfProcess.has(property))) {
        used(node, `${owner}.${property}`);
      }
      if (owner === 'globalThis' && (property === 'console' || property === 'process')) used(node, property);
    },
    VariableDeclarator(node) {
      // `const { stdout } = process`, `const log = console`
      if (node.init?.type === 'Identifier' && /^(process|console)$/.test(node.init.name)) {
        used(node, node.init.name);
      }
    },
  }).visit(program);

  return {
    imports,
    terminalUses,
    starExports,
    lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    typesOnly: program.body.every(
      (statement) =>
        statement.type === 'TSInterfaceDeclaration' ||
        statement.type === 'TSTypeAliasDeclaration' ||
        (statement.type === 'ImportDeclaration' && statement.importKind === 'type') ||
        (statement.type === 'ExportNamedDeclaration' && statement.exportKind === 'type'),
    ),
  };
}
