import type { Ceilings, ScenarioDefinition } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { lookupAll } from '../guard/lookup-all.ts';
import { guardTarget } from '../guard/target-guard.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { resolveTarget } from './resolve-target.ts';
import { urlProblem } from './target-url.ts';

/** A further address of the scenarios, which may be loaded. */
export interface OpenBase {
  readonly url: string;
  /** The only addresses that may be connected to, in the resolver's order. */
  readonly addresses: readonly string[];
  /** Undefined on loopback. */
  readonly ceilings: Ceilings | undefined;
}

/**
 * Checks every base address of the scenarios as the target is checked: loopback, or a host that the config file allows and
 * that `--confirm-target` names too.
 *
 * @throws CliError exit 2, 3 or 4
 */
export async function openBases(
  scenarios: readonly ScenarioDefinition[],
  { confirmTarget }: Pick<TargetSettings, 'confirmTarget'>,
  { config }: Pick<CommandContext, 'config'>,
): Promise<readonly OpenBase[]> {
  const open = new Map<string, OpenBase>();
  for (const { name: scenario, bases = {} } of scenarios) {
    for (const [name, base] of Object.entries(bases)) {
      const given = typeof base === 'string' ? base : base.url;
      if (open.has(given)) continue;
      const wrong = urlProblem(given);
      if (wrong !== undefined) {
        const problem = `bases.${name} of scenario "${scenario}": ${wrong.problem}`;
        throw usageError('base-url', problem, wrong.expected, wrong.next);
      }
      const { addresses, ceilings } = await guardTarget(resolveTarget(given, config), new URL(given), {
        subject: `base "${name}" of scenario "${scenario}",`,
        confirmTarget,
        configFileName: config.name,
        now: new Date(),
        lookup: lookupAll,
      });
      open.set(given, { url: given, addresses, ceilings });
    }
  }
  return [...open.values()];
}
