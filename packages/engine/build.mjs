/** Makes `dist/typebox-bundle/`: the entries of TypeBox, with what several of them need in shared files. */
import { rmSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { putFile } from '../../tools/build/put-file.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const target = join(here, 'dist', 'typebox-bundle');

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ['src/typebox/index.ts', 'src/typebox/value.ts', 'src/typebox/compile.ts'],
  outdir: 'dist/typebox-bundle',
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  banner: { js: '// TypeBox, MIT License, Copyright (c) 2017-2026 Haydn Paterson.' },
  logLevel: 'warning',
});
for (const { path, contents } of outputFiles) putFile(path, contents);
const written = new Set(outputFiles.map(({ path }) => basename(path)));
for (const name of readdirSync(target))
  if (/^chunk-.*\.js$/.test(name) && !written.has(name)) rmSync(join(target, name));
