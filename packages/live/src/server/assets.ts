import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LiveError } from '../control/live-control.ts';

/** Resolves to the same directory from `src/server` and from `dist/server`. */
const DIRECTORY = new URL('../../dist/assets/', import.meta.url);

/** Files of the page by path, made by `build.mjs`; nothing else is served. Without token: they hold no data of a run. */
export const ASSET_TYPES = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
} as const;

/** @throws LiveError when the package was not built */
export function readAsset(path: keyof typeof ASSET_TYPES): Buffer {
  const file = fileURLToPath(new URL(ASSET_TYPES[path].file, DIRECTORY));
  if (!existsSync(file))
    throw new LiveError(
      500,
      'assets',
      `The page needs ${file}, which the build makes`,
      'npx nx run live:build',
    );
  return readFileSync(file);
}
