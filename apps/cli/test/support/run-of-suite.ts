import {
  Redactor,
  runLoad,
  type ExecutorOptions,
  type RunResult,
  type SettingTexts,
  type Suite,
} from '@jarvis-load/engine';
import { chooseScenarios } from '../../src/run/scenarios.ts';
import { createScenarios } from '../../src/suites/suites.ts';
import { credentialsFrom } from '../../src/target/credentials.ts';
import { findFacts, openProbe } from '../../src/target/detect.ts';

/** What a run of a suite needs to be told. */
export interface SuiteRun {
  readonly suite: Suite;
  readonly baseUrl: string;
  readonly settings?: SettingTexts | undefined;
}

const target = (baseUrl: string) =>
  ({
    name: 'local',
    baseUrl,
    addresses: [],
    ca: undefined,
    certificate: undefined,
    ceilings: undefined,
    limits: [],
    processes: [],
    detail: undefined,
    close: () => Promise.resolve(),
  }) as const;

/** What the command line does before a run: asks the target, creates the scenarios. */
export async function scenariosOf({ suite, baseUrl, settings = {} }: SuiteRun, names: readonly string[]) {
  const credentials = credentialsFrom({}, suite, process.cwd(), true);
  const client = openProbe(suite, target(baseUrl), {}, 'r');
  try {
    const request = { credentials, runId: 'r', scenarios: names, depth: 'facts' } as const;
    const { facts } = await findFacts(suite, client, baseUrl, request, new Redactor());
    const scenarios = chooseScenarios(names, '--scenario', suite);
    const context = { facts, credentials, identity: 'shared', runId: 'r', settings } as const;
    return createScenarios(suite, names, { ...context, files: suite.readFiles?.(scenarios, settings) });
  } finally {
    await client.close();
  }
}

/** Runs one scenario of a suite in this process. */
export async function runOfSuite(of: SuiteRun, name: string, executor: ExecutorOptions): Promise<RunResult> {
  const [scenario] = await scenariosOf(of, [name]);
  return runLoad({ baseUrl: of.baseUrl, scenarios: [{ ...scenario!, executor }] });
}
