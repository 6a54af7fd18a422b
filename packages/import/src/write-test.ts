import { BodyFiles } from './body-files.ts';
import { correlate } from './correlate.ts';
import { runLines, type JourneyContext } from './journey-source.ts';
import { around, braces, brackets, layOut, type Source } from './layout.ts';
import type { Imported, ImportedRequest, SecretVariable } from './model.ts';
import { camelName, Names } from './names.ts';
import { Operations } from './operations.ts';
import { headersOf, type CommonHeaders } from './request-source.ts';
import { Secrets } from './secrets.ts';
import { comment, literal } from './source-text.ts';
import { stepsOf } from './steps.ts';
import { memberSource } from './values-source.ts';

/** How a test file is written. */
export interface WriteOptions {
  /** What it is made from, for the comment at its top. */
  readonly from: string;
  /** A path of the source, such as one behind `@` of curl, as a URL relative to the test file. */
  readonly locate: (path: string) => string;
}

/** A test file. */
export interface WrittenTest {
  readonly source: string;
  readonly scenarios: readonly string[];
  readonly requests: number;
  readonly operations: number;
  /** Variables of the environment that it reads. */
  readonly secrets: readonly SecretVariable[];
  /** Files that it sends, as the source names them. */
  readonly files: readonly string[];
}

/**
 * Writes the test file. Pure: the same input gives the same source.
 *
 * Must hold:
 * - Text of the source reaches the file only through `source-text.ts`, `Names`, `Secrets` and the patterns of `collectTokens`, so
 *   that it cannot end a literal and become code.
 * - Values are correlated before secrets are moved, and `imported` is not changed.
 * - `Names` are shared by all journeys: constants of schemas, files and scenarios are in one module.
 */
export function writeTest(imported: Imported, { from, locate }: WriteOptions): WrittenTest {
  const names = new Names();
  const secrets = new Secrets(imported.secrets);
  const files = new BodyFiles(names, locate);
  const journeys = imported.journeys.map(({ name, requests }) => ({
    name,
    requests: correlate(requests, names).map((each) => ({ ...each, request: secrets.move(each.request) })),
  }));
  const all = journeys.flatMap(({ requests }) => requests.map(({ request }) => request));
  const bases = basesOf(all, imported.origin);
  const common = commonHeaders(all);
  const schemas: Source[] = [];
  let operationCount = 0;
  const scenarios = journeys.map(({ name, requests }) => {
    const own = requests.map(({ request }) => request);
    const operations = new Operations(own, bases);
    operationCount += operations.size;
    const context: JourneyContext = { operations, common, files, names, schemas };
    const steps = stepsOf(requests);
    const lines = runLines(steps, context);
    const thinkSeconds = steps.reduce((sum, step) => sum + Math.round(step.thinkSeconds * 10), 0) / 10;
    const used = new Map([...bases].filter(([origin]) => own.some((request) => request.origin === origin)));
    const start =
      journeys.length === 1
        ? 'export default defineScenario({'
        : `export const ${names.take(camelName(name), 'journey')} = defineScenario({`;
    return [
      start,
      `  name: ${literal(name)},`,
      ...(used.size === 0 ? [] : [`${layOut(memberSource('bases', basesSource(used)), 2)},`]),
      `${layOut(around('operations: ', brackets(operations.sources())), 2)},`,
      '  async run(user) {',
      ...lines,
      '  },',
      thinkSeconds > 0
        ? '  // What one iteration does: it bounds the load where a host is allowed up to a rate.'
        : '  // What one iteration does: with --rate it bounds the load where a host is allowed up to a rate; --users need a think time.',
      `${layOut(memberSource('demand', demandSource(thinkSeconds, operations)), 2)},`,
      "  thresholds: { http_req_failed: ['rate<0.01'] },",
      '});',
    ].join('\n');
  });
  const parts = [
    importLines({
      schemas: schemas.length > 0,
      files: files.paths().length > 0,
      secrets: secrets.list().length > 0,
    }),
    [
      comment(`Made by jarvis-load import from ${from}.`),
      ...imported.leftOut.map(({ reason, requests }) => comment(`Left out: ${requests} x ${reason}.`)),
    ].join('\n'),
    secretsSource(secrets.list()),
    common.size === 0
      ? ''
      : `/** Headers of all requests. */\n${layOut(around('const headers = ', headersSource(common), ';'), 0)}`,
    [...files.declarations(), ...schemas].map((source) => layOut(source, 0)).join('\n'),
    ...scenarios,
  ];
  return {
    source: `${parts.filter((part) => part !== '').join('\n\n')}\n`,
    scenarios: journeys.map(({ name }) => name),
    requests: all.length,
    operations: operationCount,
    secrets: secrets.list(),
    files: files.paths(),
  };
}

function importLines(uses: {
  readonly schemas: boolean;
  readonly files: boolean;
  readonly secrets: boolean;
}): string {
  const engine = [
    'defineScenario',
    ...(uses.files ? ['file'] : []),
    ...(uses.secrets ? ['type BeforeRun'] : []),
  ];
  return [
    `import { ${engine.join(', ')} } from '@jarvis-load/engine';`,
    ...(uses.schemas ? ["import { Type } from 'typebox';"] : []),
  ].join('\n');
}

function secretsSource(secrets: readonly SecretVariable[]): string {
  if (secrets.length === 0) return '';
  return [
    '/** From the environment, so that they are not in this file. */',
    'const secrets = {',
    ...secrets.flatMap(({ name, of }) => [
      `  ${comment(of)}`,
      `  ${name}: process.env['${name}'] || 'not-set',`,
    ]),
    '};',
    '',
    'export const beforeRun: BeforeRun = () => {',
    '  for (const [name, value] of Object.entries(secrets)) {',
    "    if (value === 'not-set') console.warn(`warning: the environment variable ${name} is not set`);",
    '  }',
    '};',
  ].join('\n');
}

/** Names of other origins than the target: their hosts, with the scheme where a host is used over HTTP and HTTPS. */
function basesOf(requests: readonly ImportedRequest[], target: string): ReadonlyMap<string, string> {
  const origins = [...new Set(requests.map(({ origin }) => origin))].filter(
    (origin) => origin !== '' && origin !== target,
  );
  const hosts = origins.map((origin) => origin.replace(/^https?:\/\//, ''));
  return new Map(
    origins.map((origin, index) => {
      const host = hosts[index]!;
      const isShared = hosts.indexOf(host) !== hosts.lastIndexOf(host);
      return [origin, isShared ? origin.replace('://', '-') : host] as const;
    }),
  );
}

function basesSource(bases: ReadonlyMap<string, string>): Source {
  return braces([...bases].map(([origin, name]) => memberSource(name, literal(origin))));
}

function demandSource(thinkSeconds: number, operations: Operations): Source {
  return braces([
    memberSource('iterationSeconds', String(thinkSeconds)),
    memberSource('requests', operations.requests),
  ]);
}

function headersSource(headers: CommonHeaders): Source {
  return braces([...headers].map(([name, value]) => memberSource(name, value)));
}

/** Headers that all requests have with the same value, which no variable of a journey is part of. */
function commonHeaders(requests: readonly ImportedRequest[]): CommonHeaders {
  if (requests.length < 2) return new Map();
  const [first = new Map<string, string>(), ...others] = requests.map(headersOf);
  return new Map(
    [...first].filter(([name, value]) => {
      const isConstant = !hasVariable(requests[0]!, name);
      return isConstant && others.every((headers) => headers.get(name) === value);
    }),
  );
}

function hasVariable({ headers }: ImportedRequest, header: string): boolean {
  return headers.some(
    ([name, value]) =>
      name === header &&
      typeof value === 'object' &&
      value !== null &&
      value.parts.some((part) => typeof part !== 'string' && part.kind === 'variable'),
  );
}
