import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests run from sources, so they look at a report made of the sources' style, script and templates too. */
export default function buildAssets(): void {
  execFileSync(process.execPath, ['build.mjs'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
}
