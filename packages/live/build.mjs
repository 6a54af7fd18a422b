/** Makes `dist/assets/`: the page, its style sheet and its script, each as one minified file. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { putFile } from '../../tools/build/put-file.js';

const here = new URL('.', import.meta.url);
const target = new URL('dist/assets/', here);

const put = (name, content) => putFile(fileURLToPath(new URL(name, target)), content);

const bundle = async (entry) => {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    charset: 'utf8',
    // Charts from their sources: tests of this package need no build of theirs.
    conditions: ['@jarvis-load/source'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
};

put('page.js', await bundle('src/page/main.tsx'));
put('page.css', await bundle('src/page/styles/page.css'));
put('index.html', readFileSync(new URL('src/page/index.html', here)));
