import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests import the sources, so the page must be built from the same sources first. */
export default function buildAssets(): void {
  execFileSync(process.execPath, ['build.mjs'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
}
