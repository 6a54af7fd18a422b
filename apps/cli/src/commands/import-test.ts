import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Imported } from '@jarvis-load/import';
import { usageError } from '../cli-error.ts';
import { exitCode } from '../exit-codes.ts';
import { importSummary } from '../importing/import-summary.ts';
import { readFileOrUrl, readSourceFile, readStandardInput } from '../importing/read-source.ts';
import { IMPORT_FLAGS, type ImportSettings } from '../options/import-flags.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import { defineCommand, type CommandContext } from './command.ts';

const SOURCES = ['openapi', 'har', 'curl', 'postman'] as const;

/** Only this command pays for the parsers. */
type Importer = typeof import('@jarvis-load/import');

/** What was read, and the line about it in the file. */
interface Source {
  readonly imported: Imported;
  readonly from: string;
}

async function readSource(
  settings: ImportSettings,
  importer: Importer,
  { cwd, interruption }: CommandContext,
): Promise<Source> {
  const { openapi, har, curl, postman, host = [] } = settings;
  if (openapi !== undefined) {
    const { text, name, path, url } = await interruption.race(readFileOrUrl(openapi, '--openapi', cwd));
    const document = await importer.openapiDocument(text, name, path);
    const imported = importer.readOpenapi(document, name);
    if (url === undefined) return { imported, from: basename(name) };
    return {
      imported: { ...imported, origin: imported.origin === '' ? url.origin : imported.origin },
      from: basename(url.pathname) || url.host,
    };
  }
  if (har !== undefined) {
    const { text, name } = readSourceFile(har, '--har', cwd);
    return { imported: importer.readHar(text, name, { hosts: host }), from: basename(name) };
  }
  if (postman !== undefined) {
    const { text, name } = readSourceFile(postman, '--postman', cwd);
    return { imported: importer.readPostman(text, name), from: basename(name) };
  }
  const lines: string[] = [];
  for (const line of curl ?? [])
    lines.push(line === '-' ? await interruption.race(readStandardInput()) : line);
  return { imported: importer.readCurl(lines), from: lines.length === 1 ? 'a curl line' : 'curl lines' };
}

/** Of two sources, one of the command line precedes one of the environment. */
const CONFLICTS = SOURCES.flatMap((one, place) =>
  SOURCES.slice(place + 1).map((other) => [one, other] as const),
);

function checkSource(settings: ImportSettings): void {
  if (settings.har === undefined && settings.host !== undefined && writtenAs(settings, 'host') === '--host')
    throw usageError('flag-needs', '--host needs a recording of a browser', '--har=<file> as well');
  if (SOURCES.some((name) => settings[name] !== undefined)) return;
  throw usageError(
    'import-source',
    'nothing to import',
    `one of ${SOURCES.map((name) => `--${name}`).join(', ')}`,
    'npx jarvis-load import --har=session.har --out=shop.ts',
  );
}

function checkOut(out: string, cwd: string, force: boolean): string {
  if (!/\.[mc]?[jt]s$/.test(out) || /\.c[jt]s$/.test(out))
    throw usageError('import-out', `--out: ${out} is no name of a test file`, 'a name that ends with .ts');
  const path = resolve(cwd, out);
  if (!existsSync(dirname(path)))
    throw usageError('import-out', `--out: there is no folder ${dirname(out)}`, 'a folder that exists');
  if (!force && existsSync(path))
    throw usageError(
      'import-exists',
      `--out: ${out} exists already; nothing was written`,
      'another name, or --force to overwrite it',
    );
  return path;
}

/** `import`: writes a test file from what describes or recorded an API. */
export const importTest = defineCommand<ImportSettings>({
  name: 'import',
  summary:
    'Writes a test file from an OpenAPI document, a recording of a browser, curl lines or a Postman collection',
  flags: IMPORT_FLAGS,
  conflicts: CONFLICTS,
  examples: [
    'npx jarvis-load import --openapi=http://localhost:3000/openapi.json --out=api.ts',
    'npx jarvis-load import --har=session.har --out=shop.ts',
    "npx jarvis-load import --curl=\"curl 'http://localhost:3000/products' -H 'accept: application/json'\"",
    'pbpaste | npx jarvis-load import --curl=- --out=shop.ts --force',
  ],
  async run(settings, context) {
    const { cwd, out: output } = context;
    checkSource(settings);
    const { out = 'load.ts', force = false } = settings;
    const path = checkOut(out, cwd, force);
    const importer = await import('@jarvis-load/import');
    try {
      const { imported, from } = await readSource(settings, importer, context);
      const written = importer.writeTest(imported, {
        from,
        locate: (file) => urlPath(relative(dirname(path), resolve(cwd, file))),
      });
      // Fails if the file has appeared meanwhile.
      writeFileSync(path, written.source, { flag: force ? 'w' : 'wx' });
      const missing = written.files.filter((file) => !existsSync(resolve(cwd, file)));
      output.write(importSummary({ file: out, written, imported, missing }));
      return exitCode('pass');
    } catch (error) {
      if (error instanceof importer.ImportError)
        throw usageError('import', error.message, error.expected, error.next);
      throw error;
    }
  },
});

/** A relative path as a URL: `./cup%20of%20tea.jpg`. */
function urlPath(path: string): string {
  const parts = path.split(sep).map((part) => (part === '..' ? part : encodeURIComponent(part)));
  return parts[0] === '..' ? parts.join('/') : `./${parts.join('/')}`;
}
