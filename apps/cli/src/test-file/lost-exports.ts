import { readFileSync } from 'node:fs';
import type { SuiteDefinition } from '@jarvis-load/engine';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { findInSources } from './find-in-sources.ts';
import type { TestExports } from './read-exports.ts';

const LOAD = 'the load: its executor, or flags such as --users, --rate and --duration';

/** Exports that other tools read, or that are parts of a scenario, each with where it belongs. */
const PLACES: Readonly<Record<string, string>> = {
  options: `in each scenario ${LOAD}; promises: its thresholds`,
  handleSummary: 'export const afterRun = async (result) => { ... }, or a format of --format',
  thresholds: "in the scenario: defineScenario({ thresholds: { http_req_duration: ['p(95)<500'] }, ... })",
  executor: `in the scenario: defineScenario({ executor: { kind: 'constant-vus', vus: 5, duration: '1m' }, ... })`,
  setup:
    'in the scenario: defineScenario({ setup: async (user) => { ... }, ... }); without requests: beforeRun',
  teardown:
    'in the scenario: defineScenario({ teardown: async (user) => { ... }, ... }); without requests: afterRun',
  ...Object.fromEntries(
    ['onStart', 'onStop', 'wait', 'bases', 'feeders', 'metrics', 'requestTags', 'run', 'tasks'].map(
      (part) => [part, `in the scenario: defineScenario({ ${part}: ..., ... })`],
    ),
  ),
};

/** What of `options` k6 reads; other exports of this name are the person's own. */
const OPTIONS_OF_K6 = (
  'vus duration iterations stages scenarios thresholds rps maxRedirects batch insecureSkipTLSVerify tlsAuth hosts tags userAgent ' +
  'noConnectionReuse discardResponseBodies'
).split(' ');

/**
 * Refuses exports that nothing would read, such as the thresholds of a k6 script: the run could pass without what they promise. An
 * export that a scenario has, or that code of the file uses, is the person's own.
 *
 * @throws CliError exit 2
 */
export function refuseLostExports(
  { others }: TestExports,
  definitions: readonly SuiteDefinition[],
  file: CompiledFile,
): void {
  for (const [name, value] of others) {
    if (!Object.hasOwn(PLACES, name) || !isMeant(name, value)) continue;
    if (definitions.some((definition) => Object.values(definition).includes(value))) continue;
    if (isUsed(name, file.sources)) continue;
    throw fileError(
      {
        code: 'file-export',
        problem: `${file.given}: exports ${name}, which nothing reads`,
        place: findInSources([name], file.sources.slice(-1)),
        expected: PLACES[name],
      },
      file.cwd,
    );
  }
}

function isMeant(name: string, value: unknown): boolean {
  if (name !== 'options') return value !== undefined;
  return (
    typeof value === 'object' && value !== null && OPTIONS_OF_K6.some((each) => Object.hasOwn(value, each))
  );
}

/** Whether code has the name but where it declares and exports it, as a key, or as a member of something. */
function isUsed(name: string, sources: readonly string[]): boolean {
  const declared = new RegExp(String.raw`\b(const|let|var|function\s*\*?)\s+${name}\b`, 'g');
  const use = new RegExp(String.raw`(?<![\w$'"\x60-])(?<![^.]\.)${name}(?![\w$'"\x60-]|\s*\??:)`);
  return sources.some((path) => {
    const code = readFileSync(path, 'utf8')
      .replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '')
      .replaceAll(/\bexport\s*\{[^}]*\}/g, '')
      .replaceAll(declared, '');
    return use.test(code);
  });
}
