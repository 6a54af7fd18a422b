import { parseSync, Visitor, type Node } from 'oxc-parser';

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
  /** Files named by `new URL('./file', import.meta.url)`, such as those of threads. */
  readonly files: readonly Pick<ImportSite, 'specifier' | 'line'>[];
  readonly terminalUses: readonly TerminalUse[];
  /** Uses of `Math.random`, `Date.now` and `performance.now`, and of `new Date()`. */
  readonly unseededUses: readonly TerminalUse[];
  /** Lines of `export * from`. */
  readonly starExports: readonly number[];
  readonly lineCount: number;
  /** Contains only interfaces, type aliases, and imports and exports of types. */
  readonly typesOnly: boolean;
}

const terminalOfProcess = new Set([
  'abort',
  'argv',
  'env',
  'exit',
  'exitCode',
  'kill',
  'stderr',
  'stdin',
  'stdout',
]);

/** Facts about one file for the architecture test. Throws when the file does not parse. */
export function readSource(file: string, text: string): SourceFacts {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error) throw new Error(`${file} does not parse: ${error.message}`);

  const imports: ImportSite[] = [];
  const files: Pick<ImportSite, 'specifier' | 'line'>[] = [];
  const terminalUses: TerminalUse[] = [];
  const unseededUses: TerminalUse[] = [];
  const starExports: number[] = [];
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const found = (node: { start: number }, specifier: string, typesOnly: boolean) =>
    imports.push({ specifier, typesOnly, line: lineOf(node.start) });
  /** The text of a literal, or of a template without expressions. */
  const textOf = (node: Node | undefined): string | undefined => {
    if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
    if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
      return node.quasis[0]?.value.cooked ?? undefined;
    return undefined;
  };
  /** `console` or `process` handed on, after which its members are used under another name. */
  const handedOn = (node: Node | null | undefined): void => {
    if (node?.type === 'Identifier' && /^(process|console)$/.test(node.name)) used(node, node.name);
  };
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
      const specifier = textOf(node.source);
      if (specifier !== undefined) found(node, specifier, false);
    },
    TSImportType(node) {
      found(node, node.source.value, true);
    },
    TSImportEqualsDeclaration(node) {
      if (node.moduleReference.type === 'TSExternalModuleReference')
        found(node, node.moduleReference.expression.value, node.importKind === 'type');
    },
    CallExpression(node) {
      for (const argument of node.arguments) handedOn(argument);
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'require') return;
      const specifier = textOf(node.arguments[0]);
      if (specifier !== undefined) found(node, specifier, false);
    },
    NewExpression(node) {
      for (const argument of node.arguments) handedOn(argument);
      const [name, base] = node.arguments;
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && name === undefined)
        unseededUses.push({ what: 'new Date()', line: lineOf(node.start) });
      const specifier = textOf(name);
      if (node.callee.type === 'Identifier' && node.callee.name === 'URL' && base !== undefined)
        if (specifier?.startsWith('.') === true) files.push({ specifier, line: lineOf(node.start) });
    },
    ReturnStatement(node) {
      handedOn(node.argument);
    },
    ArrowFunctionExpression(node) {
      handedOn(node.body);
    },
    AssignmentExpression(node) {
      handedOn(node.right);
    },
    AssignmentPattern(node) {
      handedOn(node.right);
    },
    PropertyDefinition(node) {
      handedOn(node.value);
    },
    Property(node) {
      handedOn(node.value);
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
      if (/^(Math\.random|Date\.now|performance\.now)$/.test(`${owner}.${property}`))
        unseededUses.push({ what: `${owner}.${property}`, line: lineOf(node.start) });
      if (owner === 'globalThis' && (property === 'console' || property === 'process')) used(node, property);
    },
    VariableDeclarator(node) {
      // `const { stdout } = process`, `const log = console`
      handedOn(node.init);
    },
  }).visit(program);

  return {
    imports,
    files,
    terminalUses,
    unseededUses,
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
