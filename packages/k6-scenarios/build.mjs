/** Bundles each test into one file that k6 runs without Node: `dist/chat-api.js` and the others. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { putFile } from '../../tools/build/put-file.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const entries = readdirSync(join(here, 'src/entries')).filter((name) => name.endsWith('.ts'));

const HEADER = `/*
 * jarvis-load for k6: $NAME. Built from packages/k6-scenarios; do not edit.
 *
 *   API_URL=http://localhost:8100 k6 run $NAME
 *
 * NO GUARD: run by k6 alone this file loads whatever API_URL names. Only "npx jarvis-load k6" checks
 * that the target may be loaded, pins its address and ignores proxies. Load only what is yours to load.
 */`;

for (const entry of entries) {
  const name = basename(entry, '.ts') + '.js';
  const { outputFiles } = await build({
    entryPoints: [join(here, 'src/entries', entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    conditions: ['@jarvis-load/source'],
    loader: { '.wav': 'base64', '.txt': 'text' },
    external: ['k6', 'k6/*'],
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: HEADER.replaceAll('$NAME', name) },
    logLevel: 'warning',
  });
  const [{ contents }] = outputFiles;
  putFile(join(here, 'dist', name), contents);
  process.stdout.write(`${name.padEnd(20)}${(contents.length / 1024).toFixed(1).padStart(8)} KiB\n`);
}
