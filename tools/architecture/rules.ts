/** The import table of docs/architecture.md, and which packages may use Node and the terminal. */

/** Permission to import from another package of this workspace. */
export interface Grant {
  /** A package (`@jarvis-load/engine`, with all its entries), or one entry with those below it (`@jarvis-load/engine/result`). */
  readonly from: string;
  /** `types`: only `import type`, which disappears in the compiled code. */
  readonly access: 'types' | 'code';
  /** Entries of the package that may not be imported. */
  readonly except?: readonly string[];
}

export interface PackageRule {
  readonly mayImport: readonly Grant[];
  /** Packages that only some files or folders (with a slash at the end) of `src` may import, out of those above. */
  readonly confined?: Readonly<Record<string, readonly string[]>>;
  /** May use Node's built-in modules. */
  readonly node: boolean;
  /** May use argv, standard streams and exit codes: only the command line. */
  readonly terminal: boolean;
  /**
   * Layers of `src`, lowest first: folders, or files directly in `src` without `.ts`. A module imports from its own and
   * from lower layers only, types included.
   */
  readonly layers?: readonly (readonly string[])[];
  /** Folders of `src` that hold types only: nothing of them is left in the compiled code. */
  readonly typesOnly?: readonly string[];
  /** Folders of `src` that hand on another project's package as it is, and may therefore export with a star. */
  readonly reexports?: readonly string[];
  /** Folders of `src` that the build bundles, with packages that are only devDependencies. */
  readonly bundled?: readonly string[];
  /** Packages that the program provides which runs this one, and that are in no package.json. */
  readonly provided?: readonly string[];
  /** Files that may read the clock and draw numbers that no seed decides; unset: all. Of the others both come as parameters. */
  readonly unseeded?: readonly string[];
  /** Files that are started as separate processes, and may therefore use exit codes and streams. */
  readonly programs?: readonly string[];
}

const code = (from: string, except: readonly string[] = []): Grant => ({ from, access: 'code', except });
const types = (from: string): Grant => ({ from, access: 'types' });

/** By folder. A package without an entry fails the test: decide first what it may import. */
export const rules: Readonly<Record<string, PackageRule>> = {
  'packages/engine': {
    mayImport: [],
    reexports: ['typebox'],
    node: true,
    terminal: false,
    typesOnly: ['model'],
    unseeded: ['src/clock/clock.ts', 'src/definition/resolve-options.ts'],
    layers: [
      ['typebox'],
      [
        'errors',
        'outcome',
        'builtin-tags',
        'show',
        'did-you-mean',
        'wrong-options',
        'duration',
        'random',
        'processors',
        'format',
        'proof',
      ],
      ['document'],
      ['model'],
      ['clock'],
      ['input'],
      ['streams'],
      ['plan'],
      ['guard'],
      ['transport'],
      ['secrets'],
      ['recorder'],
      ['data'],
      ['user'],
      ['executors'],
      ['definition'],
      ['thresholds'],
      ['metrics'],
      ['machine'],
      ['judging'],
      ['result'],
      ['aggregation'],
      ['threads'],
      ['coordination'],
      ['client', 'ingest', 'replay', 'testing'],
      ['index'],
    ],
  },
  'packages/charts': { mayImport: [], unseeded: [], node: false, terminal: false },
  'packages/jarvis': {
    mayImport: [
      types('@jarvis-load/engine'),
      code('@jarvis-load/engine/show'),
      code('@jarvis-load/engine/typebox'),
    ],
    node: false,
    terminal: false,
  },
  'packages/k6-scenarios': {
    mayImport: [
      code('@jarvis-load/jarvis', [
        '@jarvis-load/jarvis/schemas',
        '@jarvis-load/jarvis/suite',
        '@jarvis-load/jarvis/openai-suite',
      ]),
      types('@jarvis-load/engine'),
      code('@jarvis-load/engine/outcome'),
      code('@jarvis-load/engine/random'),
      code('@jarvis-load/engine/show'),
      code('@jarvis-load/engine/user-rules'),
      code('@jarvis-load/engine/plain'),
    ],
    provided: ['k6'],
    node: true,
    terminal: false,
  },
  'packages/live': {
    mayImport: [
      code('@jarvis-load/charts'),
      types('@jarvis-load/engine'),
      types('@jarvis-load/engine/result'),
      code('@jarvis-load/engine/format'),
      code('@jarvis-load/engine/outcome'),
      code('@jarvis-load/engine/recorder'),
      code('@jarvis-load/engine/typebox'),
    ],
    bundled: ['page'],
    node: true,
    terminal: false,
  },
  'packages/mock-jarvis': {
    mayImport: [
      code('@jarvis-load/jarvis'),
      code('@jarvis-load/engine/did-you-mean'),
      code('@jarvis-load/engine/show'),
      code('@jarvis-load/engine/typebox'),
    ],
    node: true,
    terminal: false,
    programs: ['src/child.ts'],
  },
  'packages/compare': {
    mayImport: [
      types('@jarvis-load/engine'),
      code('@jarvis-load/engine/outcome'),
      code('@jarvis-load/engine/recorder'),
      code('@jarvis-load/engine/random'),
    ],
    unseeded: [],
    node: true,
    terminal: false,
  },
  'packages/capacity': {
    mayImport: [code('@jarvis-load/engine/result'), code('@jarvis-load/compare/student-t')],
    unseeded: [],
    node: false,
    terminal: false,
  },
  'packages/import': { mayImport: [code('@jarvis-load/engine')], node: true, terminal: false },
  'packages/outputs': {
    mayImport: [
      types('@jarvis-load/engine'),
      code('@jarvis-load/engine/outcome'),
      code('@jarvis-load/engine/recorder'),
      code('@jarvis-load/engine/secrets'),
      code('@jarvis-load/engine/show'),
    ],
    node: true,
    terminal: false,
  },
  'packages/locust-worker': {
    mayImport: [
      types('@jarvis-load/engine'),
      code('@jarvis-load/engine/outcome'),
      code('@jarvis-load/engine/recorder'),
      code('@jarvis-load/engine/show'),
    ],
    node: true,
    terminal: false,
  },
  'packages/reporter': {
    mayImport: [
      code('@jarvis-load/capacity'),
      code('@jarvis-load/charts'),
      code('@jarvis-load/compare'),
      types('@jarvis-load/engine'),
      code('@jarvis-load/engine/outcome'),
      code('@jarvis-load/engine/recorder'),
      code('@jarvis-load/engine/result'),
      code('@jarvis-load/engine/ingest'),
      code('@jarvis-load/engine/replay'),
      code('@jarvis-load/engine/show'),
      code('@jarvis-load/engine/typebox'),
    ],
    node: true,
    terminal: false,
  },
  'apps/cli': {
    mayImport: [
      'capacity',
      'compare',
      'engine',
      'import',
      'jarvis',
      'k6-scenarios',
      'live',
      'locust-worker',
      'mock-jarvis',
      'outputs',
      'reporter',
    ].map((name) => code(`@jarvis-load/${name}`)),
    // The flow knows suites only as `Suite`; a second one is another module in `suites`.
    confined: {
      '@jarvis-load/jarvis': ['src/suites/'],
      '@jarvis-load/mock-jarvis': [
        'src/commands/mock.ts',
        'src/target/mock-process.ts',
        'src/live/mock-control.ts',
        'src/describe-error.ts',
      ],
    },
    node: true,
    terminal: true,
  },
};

/** A longer file has two subjects and must be split. Files that contain only types may be longer. */
export const longestFile = 400;
