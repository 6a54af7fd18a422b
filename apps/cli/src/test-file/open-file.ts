import type { LoadSettings } from '../options/load-settings.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import { credentialsFrom, identityOf } from '../target/credentials.ts';
import { splitSettings } from '../target/mock-settings.ts';
import { compileFile } from './compile-file.ts';
import { fileSuite } from './file-suite.ts';
import { loadFile } from './load-file.ts';
import { readSettings } from './read-settings.ts';

/**
 * A test file as a suite: compiled, loaded and checked, before any target is contacted.
 *
 * @param given as the person named it
 * @throws CliError exit 2 with place and code
 */
export async function openFile(given: string, settings: LoadSettings, cwd: string): Promise<CliSuite> {
  const file = await compileFile(given, cwd);
  const exports = await loadFile(file);
  // Its settings have to be known before its scenarios are made.
  const { scenario } = splitSettings(settings, cwd, exports, file.path);
  const credentials = credentialsFrom(settings, {}, cwd, false);
  return fileSuite(exports, {
    file,
    settings: await readSettings(exports.settings, scenario, given, writtenAs(settings, 'set')),
    credentials,
    identity: identityOf(settings, credentials),
  });
}
