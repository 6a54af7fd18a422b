import type { ProbedOperation, Redactor } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { exitCode } from '../exit-codes.ts';
import { TARGET_CONFLICTS } from '../options/load-conflicts.ts';
import { TARGET_FLAGS } from '../options/target-flags.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { clean, quote } from '../output/clean-text.ts';
import { table } from '../output/table.ts';
import { newRunId } from '../results/run-id.ts';
import { learnSecrets } from '../secrets/learn-secrets.ts';
import { shownText } from '../secrets/shown-text.ts';
import { suiteNamed, titleOf } from '../suites/suites.ts';
import { credentialsFrom, secretsOf } from '../target/credentials.ts';
import { failureError, openProbe } from '../target/detect.ts';
import { splitSettings } from '../target/mock-settings.ts';
import { isOwnMachine, openTarget } from '../target/open-target.ts';
import { defineCommand } from './command.ts';

function row(operation: ProbedOperation, redactor: Redactor): string[] {
  const { name, method, route, status, verdict, detail, durationMs } = operation;
  return [
    verdict.toUpperCase(),
    name,
    `${method} ${route}`,
    status === 0 ? '-' : String(status),
    durationMs === undefined ? '-' : `${durationMs.toFixed(1)} ms`,
    quote(shownText(detail, redactor)),
  ];
}

/**
 * `probe`: reports what a target is, by a request to each operation and what finding the contract takes; no load. Operations that write
 * are requested with `--probe-writes` only. Exit 3 if one is missing or answers otherwise than it should.
 */
export const probe = defineCommand<TargetSettings>({
  name: 'probe',
  summary:
    'Says whether the target is reachable, which dialect it speaks, and how each operation answers; no load',
  flags: TARGET_FLAGS,
  conflicts: TARGET_CONFLICTS,
  examples: [
    'npx jarvis-load probe',
    'npx jarvis-load probe --target=mock --probe-writes',
    'npx jarvis-load probe --target=staging --confirm-target=staging.example.org:443',
  ],
  async run(settings, context) {
    const { interruption, redactor } = context;
    const suite = suiteNamed(settings.suite);
    const { mock } = splitSettings(settings, context.cwd, suite);
    const target = await interruption.race(openTarget(settings, mock, context));
    const runId = newRunId(new Date());
    const client = openProbe(suite, target, settings, runId, (exchange) => learnSecrets(redactor, exchange));
    try {
      const credentials = credentialsFrom(
        settings,
        suite,
        context.cwd,
        isOwnMachine(target),
        context.environment,
      );
      redactor.add(secretsOf(settings, credentials));
      if (suite.prepare === undefined) throw usageError('no-probe', `${titleOf(suite)} has no probe`);
      const depth = settings.probeWrites === true ? 'writes' : 'reads';
      const found = await interruption.race(suite.prepare(client, { credentials, runId, depth }));
      const { operations = [], failure, version: said } = found;
      if (operations.length > 0) {
        const head = ['', 'OPERATION', 'REQUEST', 'STATUS', 'TIME', 'DETAIL'];
        context.out.write(`${table([head, ...operations.map((one) => row(one, redactor))])}\n`);
      }
      if (failure !== undefined) throw failureError(failure, target.baseUrl, redactor);
      const version = said === undefined ? '' : `, version ${clean(said)}`;
      const contract = found.dialect === undefined ? 'API' : `${found.dialect} contract`;
      context.out.write(`\n${target.baseUrl} speaks the ${contract} of ${titleOf(suite)}${version}.\n`);
      const broken = operations.some(({ verdict }) => !['ok', 'skipped', 'limited'].includes(verdict));
      return exitCode(broken ? 'unreachable' : 'pass');
    } finally {
      await client.close();
      await target.close();
    }
  },
});
