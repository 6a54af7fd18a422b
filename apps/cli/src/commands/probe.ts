import type { Redactor } from '@jarvis-load/engine';
import { probeTarget, type ProbedOperation } from '@jarvis-load/jarvis';
import { exitCode } from '../exit-codes.ts';
import { TARGET_FLAGS } from '../options/target-flags.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { clean, quote } from '../output/clean-text.ts';
import { table } from '../output/table.ts';
import { newRunId } from '../results/run-id.ts';
import { learnSecrets } from '../secrets/learn-secrets.ts';
import { credentialsFrom, secretsOf } from '../target/credentials.ts';
import { detectionError, openProbe } from '../target/detect.ts';
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
    quote(redactor.text(detail)),
  ];
}

/** `probe`: reports what a target is, with one request per operation and without load. */
export const probe = defineCommand<TargetSettings>({
  name: 'probe',
  summary:
    'Says whether the target is reachable, which dialect it speaks, and how each operation answers; no load',
  flags: TARGET_FLAGS,
  conflicts: [['token', 'accounts']],
  examples: [
    'npx jarvis-load probe',
    'npx jarvis-load probe --target=mock --probe-writes',
    'npx jarvis-load probe --target=staging --confirm-target=staging.example.org:443',
  ],
  async run(settings, context) {
    const { interruption } = context;
    const { mock } = splitSettings(
      settings.set,
      settings.target === 'mock',
      context.cwd,
      writtenAs(settings, 'set'),
    );
    const target = await interruption.race(openTarget(settings, mock, context));
    const runId = newRunId(new Date());
    const client = openProbe(target, settings, runId, (exchange) => learnSecrets(context.redactor, exchange));
    try {
      const credentials = credentialsFrom(settings, context.cwd, isOwnMachine(target));
      const { redactor } = context;
      redactor.add(secretsOf(settings, credentials));
      const report = await interruption.race(
        probeTarget((spec) => client.request(spec), {
          credentials,
          runId,
          probeWrites: settings.probeWrites === true,
        }),
      );
      if (report.operations.length > 0) {
        const head = ['', 'OPERATION', 'REQUEST', 'STATUS', 'TIME', 'DETAIL'];
        context.out.write(`${table([head, ...report.operations.map((one) => row(one, redactor))])}\n`);
      }
      const error = detectionError(report, target.baseUrl);
      if (error !== undefined) throw error;
      const version = report.version === undefined ? '' : `, version ${clean(report.version)}`;
      context.out.write(
        `\n${target.baseUrl} speaks the ${report.dialect?.id ?? 'unknown'} contract of Jarvis${version}.\n`,
      );
      const broken = report.operations.some(({ verdict }) => !['ok', 'skipped', 'limited'].includes(verdict));
      return exitCode(broken ? 'unreachable' : 'pass');
    } finally {
      await client.close();
      await target.close();
    }
  },
});
