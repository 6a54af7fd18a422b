import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import { OUTCOMES } from '../src/outcome.ts';
import { RUN_OPTION_NAMES } from '../src/input/run-rules.ts';
import { SCENARIO_NAMES } from '../src/input/scenario-rules.ts';
import { resolveRun } from '../src/definition/resolve-options.ts';
import { readInterface } from './fixtures/read-declarations.ts';
import { MEMBER_TABLES, OPTION_TABLES, referenceTables, withTables } from './fixtures/reference-tables.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'reference', 'engine.md');
const SOURCES = join(import.meta.dirname, '..', 'src');
const page = readFileSync(PAGE, 'utf8');

describe('docs/reference/engine.md', () => {
  it('has the tables that the declarations make (UPDATE_REFERENCE=1 writes them)', async () => {
    const config = { ...(await resolveConfig(PAGE)), filepath: PAGE };
    const made = await format(withTables(page, referenceTables()), config);
    if (process.env['UPDATE_REFERENCE'] === '1') writeFileSync(PAGE, made);
    else expect(page).toBe(made);
  });

  it('knows every option of a run and every part of a scenario that the engine knows', () => {
    const names = (file: string, type: string) => readInterface(file, type).map(({ name }) => name);
    expect(names('model/run-options.ts', 'RunOptions').toSorted()).toEqual(RUN_OPTION_NAMES.toSorted());
    expect(names('model/scenario.ts', 'ScenarioDefinition').toSorted()).toEqual(SCENARIO_NAMES.toSorted());
  });

  it('knows every interface of options that the engine exports', () => {
    const files = [...new Set(Object.values(OPTION_TABLES)), 'plan/distribute-users.ts'];
    const declared = files.flatMap((file) =>
      [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/export interface (\w*Options)\b/g)].map(
        ([, name]) => name!,
      ),
    );
    expect(declared.filter((name) => !(name in OPTION_TABLES))).toEqual([]);
  });

  it.each([...Object.entries(OPTION_TABLES), ...Object.entries(MEMBER_TABLES)])(
    'says of each part of %s what it is',
    (name, file) => {
      const silent = readInterface(file, name).filter(
        (member) => member.text === '' && member.name !== 'kind',
      );
      expect(silent.map((member) => member.name)).toEqual([]);
    },
  );

  it('has a section for each kind of executor', () => {
    const source = readFileSync(join(SOURCES, 'model', 'executor-options.ts'), 'utf8');
    const kinds = new Set([...source.matchAll(/readonly kind: '([\w-]+)'/g)].map(([, kind]) => kind));
    expect(kinds.size).toBe(9);
    for (const kind of kinds) expect(page).toContain(`\n### ${kind}\n`);
  });

  it('has a row for each outcome, and every code that the engine gives a failed request', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` +\| (?:status|any|5xx|a time|no conn)/gm)].map(
      ([, outcome]) => outcome,
    );
    expect(rows).toEqual([...OUTCOMES]);
    const failures = readFileSync(join(SOURCES, 'transport', 'failure.ts'), 'utf8');
    const codes = [
      ...failures.matchAll(/(?:code: |UND_ERR_\w+: |_CONNECTION = |_RESET = )'([\w]+)'/g),
      ...failures.matchAll(/^ {2}'(E[A-Z]+)',$/gm),
      ...readFileSync(join(SOURCES, 'user', 'active-request.ts'), 'utf8').matchAll(/code: '(\w+)'/g),
    ].map(([, code]) => code!);
    expect(codes).toContain('truncated_body');
    expect(codes).toContain('EMFILE');
    const missing = codes.filter((code) => code !== 'interrupted' && !page.includes(`\`${code}\``));
    expect(missing).toEqual([]);
  });

  it('has a row for each reason of a verdict', () => {
    const source = readFileSync(join(SOURCES, 'result', 'verdict.ts'), 'utf8');
    const codes = new Set([...source.matchAll(/code: '([\w-]+)'/g)].map(([, code]) => code!));
    for (const code of ['aborted', 'setup-failed', 'error', 'interrupted']) codes.add(code);
    for (const code of codes) expect(page, code).toMatch(new RegExp(`^\\| \`${code}\` `, 'm'));
  });

  it('links to what there is', () => {
    const links = [...page.matchAll(/\]\(((?:\.\.\/)[^)#]+)\)/g)].map(([, link]) => join(PAGE, '..', link!));
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect(readdirSync(join(link, '..'))).toContain(link.split('/').at(-1));
  });
});

/** Parses a default that is a literal value; other defaults are descriptions. */
function literal(text: string): unknown {
  if (/^'[^'<]*'$/.test(text)) return text.slice(1, -1);
  if (/^[\d_.]+$/.test(text)) return Number(text.replaceAll('_', ''));
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === '{}') return {};
  if (text === '[]') return [];
  return undefined;
}

describe('a documented default', () => {
  const minimal: Record<string, ExecutorOptions> = {
    ConstantVusOptions: { kind: 'constant-vus', duration: '5s' },
    RampingVusOptions: { kind: 'ramping-vus', stages: [{ duration: '5s', target: 3 }] },
    LoadShapeOptions: { kind: 'load-shape', shape: (second) => (second < 3 ? { users: 2 } : undefined) },
    SharedIterationsOptions: { kind: 'shared-iterations' },
    PerVuIterationsOptions: { kind: 'per-vu-iterations' },
    ConstantArrivalRateOptions: { kind: 'constant-arrival-rate', rate: 7, duration: '5s' },
    RampingArrivalRateOptions: { kind: 'ramping-arrival-rate', stages: [{ duration: '5s', target: 3 }] },
    ExternallyControlledUsersOptions: { kind: 'externally-controlled' },
    ExternallyControlledRateOptions: { kind: 'externally-controlled', rate: 7 },
  };
  const common = readInterface('model/executor-options.ts', 'CommonExecutorOptions');
  const cases = Object.entries(minimal).flatMap(([name, options]) =>
    [...readInterface('model/executor-options.ts', name), ...common].flatMap(
      ({ name: option, defaultText }) => {
        const value = defaultText === undefined ? undefined : literal(defaultText);
        return value === undefined ? [] : [{ kind: options.kind, option, value, options }];
      },
    ),
  );

  it('is there for most options of executors', () => {
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each(cases)('of an executor is the one that is taken: $kind, $option', ({ options, option, value }) => {
    const given = { ...options, [option]: value } as ExecutorOptions;
    expect(resolveExecutor(given, 'test')).toEqual(resolveExecutor(options, 'test'));
  });

  it('of the arrival-rate caps is the one that is taken', () => {
    const resolved = (more: object) =>
      resolveExecutor({ kind: 'constant-arrival-rate', rate: 200, duration: 1, ...more }, 'test');
    expect(resolved({})).toMatchObject({ maxVUs: 2000, preAllocatedVUs: 20 });
    expect(resolved({ rate: 2000 })).toMatchObject({ maxVUs: 5000, preAllocatedVUs: 100 });
    expect(resolved({ preAllocatedVUs: 30 })).toMatchObject({ maxVUs: 30, preAllocatedVUs: 30 });
  });

  const run = { baseUrl: 'http://127.0.0.1:1', scenarios: [], seed: 1, runId: 'test' } as const;
  const runCases = [
    ...readInterface('model/run-options.ts', 'RunOptions').map((member) => ({ ...member, group: undefined })),
    ...readInterface('model/run-options.ts', 'TimeoutOptions').map((member) => ({
      ...member,
      group: 'timeouts',
    })),
    ...readInterface('model/tls-options.ts', 'TlsOptions').map((member) => ({ ...member, group: 'tls' })),
  ].flatMap(({ name: option, defaultText, group }) => {
    const value = defaultText === undefined ? undefined : literal(defaultText);
    return value === undefined ? [] : [{ option, value, group }];
  });

  it.each(runCases)('of a run is the one that is taken: $group $option', ({ option, value, group }) => {
    const given = group === undefined ? { [option]: value } : { [group]: { [option]: value } };
    const resolved = (options: object) => {
      const { options: _options, clock: _clock, ...rest } = resolveRun({ ...run, ...options });
      return rest;
    };
    expect(resolved(given)).toEqual(resolved({}));
  });

  it('of the largest answer is 64 MiB', () => {
    expect(resolveRun(run).transport.maxBodyBytes).toBe(64 * 1024 * 1024);
  });
});
