/**
 * Makes `dist/assets/`: the report's style sheet and script, each as one minified file, and its templates. Files are
 * replaced in one step, so that a test of another package that reads them meanwhile sees whole ones.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const target = new URL('dist/assets/', here);
const templates = new URL('src/html/templates/', here);

mkdirSync(target, { recursive: true });

const put = (name, content) => {
  const temporary = new URL(`${name}.${process.pid}.tmp`, target);
  writeFileSync(temporary, content);
  renameSync(temporary, new URL(name, target));
};

const bundle = async (entry, banner) => {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    charset: 'utf8',
    banner,
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
};

const license = '/* Charts: uPlot, (c) Leon Sorokin, MIT license, https://github.com/leeoniya/uPlot */';
put('report.css', await bundle('src/html/styles/report.css', { css: license }));
put('report.js', await bundle('src/html/client/report.ts', { js: license }));
for (const name of readdirSync(templates)) put(name, readFileSync(new URL(name, templates)));
