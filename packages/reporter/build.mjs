/** Makes `dist/assets/`: the report's style sheet and script, each as one minified file, and its templates. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { putFile } from '../../tools/build/put-file.js';

const here = new URL('.', import.meta.url);
const target = new URL('dist/assets/', here);
const templates = new URL('src/html/templates/', here);

const put = (name, content) => putFile(fileURLToPath(new URL(name, target)), content);

const bundle = async (entry) => {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    charset: 'utf8',
    conditions: ['@jarvis-load/source'],
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
};

put('report.css', await bundle('src/html/styles/report.css'));
put('report.js', await bundle('src/html/client/report.ts'));
for (const name of readdirSync(templates)) put(name, readFileSync(new URL(name, templates)));
