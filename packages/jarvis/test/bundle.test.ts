import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

/** Globals that k6's runtime lacks. */
const MISSING_IN_K6 = [
  'AbortController',
  'Buffer',
  'Intl',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'fetch',
  'performance',
  'process',
  'structuredClone',
];

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
const bundle = async (minify: boolean) => {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    minify,
    format: 'iife',
    globalName: 'jarvis',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@jarvis-load/source'],
    target: 'es2022',
  });
  return { code: result.outputFiles[0]?.text ?? '', inputs: Object.keys(result.metafile.inputs) };
};

describe('the plain entry, bundled', () => {
  let code = '';
  let inputs: string[] = [];
  beforeAll(async () => ({ code, inputs } = await bundle(false)));

  it('holds this package only: no schema library, no engine, nothing of Node', () => {
    expect(inputs.length).toBeGreaterThan(20);
    const foreign = inputs.filter((path) => !/^(.*packages\/jarvis\/)?src\//.test(path));
    expect(foreign).toEqual([]);
    expect(inputs.filter((path) => path.includes('schemas/'))).toEqual([]);
    expect(code).not.toMatch(/typebox|['"]node:|require\(/);
  });

  it('refers to nothing that k6 does not have', () => {
    // Comments and string literals are removed, so the remaining occurrences of these names are uses.
    const bare = code.replace(/\/\/.*|\/\*[^]*?\*\//g, '').replace(/(['"`])(?:\\.|(?!\1)[^\\])*\1/g, '""');
    const used = MISSING_IN_K6.filter((name) => new RegExp(`(?<![.\\w])${name}(?!\\w|:)`).test(bare));
    expect(used).toEqual([]);
    // k6's typed arrays reject a string, which Node accepts (seen with k6 1.8.1).
    expect(bare).not.toMatch(/Uint8Array\.from\(/);
    expect(code).not.toMatch(/\\p\{|\(\?<[a-zA-Z]|async \*|async function\*/);
  });

  it('runs where there are no globals but those of the language', () => {
    const found: unknown = runInNewContext(
      `${code};
      const options = { dialect: jarvis.documentedDialect, credentials: { token: 't' }, runId: 'r', recordings: [{ said: 'a', audioBase64: 'UklGR' }] };
      const scenarios = jarvis.SCENARIOS.map((entry) => entry.create(options).name);
      JSON.stringify([scenarios, jarvis.wordErrorRate('Ça va', 'ca va bien')]);`,
      // Globals of a new Node context that k6 lacks.
      Object.fromEntries(MISSING_IN_K6.map((name) => [name, undefined])),
    );
    expect(found).toBe(
      JSON.stringify([
        ['chat', 'voice', 'chat-user', 'voice-user', 'memory', 'workflow', 'chat-socket'],
        0.5,
      ]),
    );
  });

  it('is small', async () => {
    // Each k6 user parses the whole bundle. It holds seven scenarios in about 72,000 characters; the
    // rest is room for messages. A library that gets in adds far more than that.
    expect((await bundle(true)).code.length).toBeLessThan(74_000);
  });
});
