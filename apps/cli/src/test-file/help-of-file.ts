import { compileFile } from './compile-file.ts';
import { looksLikeTestFile } from './find-file.ts';
import { loadFile } from './load-file.ts';
import { describeSetting } from './read-settings.ts';

/**
 * What the help adds about the test file on the command line: its settings. Empty without a file or settings. The code of the
 * file runs. Another command that takes a test file is named in this function.
 *
 * @throws CliError exit 2 for a file that cannot be used
 */
export async function helpOfFile(argv: readonly string[], cwd: string): Promise<string> {
  const given = argv.slice(1).find((word) => !word.startsWith('-') && looksLikeTestFile(word));
  if (given === undefined || !['load', 'capacity', 'k6', 'worker', 'scenarios', 'ui'].includes(argv[0] ?? ''))
    return '';
  const { settings } = await loadFile(await compileFile(given, cwd));
  const lines = Object.entries(settings).map(
    ([name, schema]) => `  --set ${describeSetting(name, schema)}\n`,
  );
  return lines.length === 0 ? '' : `\nSettings of ${given}:\n${lines.join('')}`;
}
