import { openArrivals } from '../data/arrival-file.ts';
import { EngineError } from '../errors.ts';
import { takesKey } from '../executors/replayed-rows.ts';
import type { CompiledScenario } from '../model/compiled-run.ts';
import { show } from '../show.ts';

/**
 * Checks that each row of a file of arrivals that names a scenario or an operation starts exactly one scenario of the
 * run.
 * @throws EngineError `invalid-option`, with the line
 */
export function checkReplays(scenarios: readonly CompiledScenario[]): void {
  const paths = new Set<string>();
  for (const { executor } of scenarios) if (executor.kind === 'replayed-arrivals') paths.add(executor.file);
  for (const path of paths) {
    const replaying = scenarios.filter(
      ({ executor }) => executor.kind === 'replayed-arrivals' && executor.file === path,
    );
    const file = openArrivals(path);
    for (const key of file.keys) {
      const named = key.scenario ?? key.operation;
      if (named === undefined) continue;
      const what = `${key.scenario === undefined ? 'operation' : 'scenario'} ${show(named)}`;
      const where = `file of arrivals ${show(path)}, line ${file.lineOf(key.firstRow)}: names ${what}`;
      const takers = replaying.filter(({ name, operations }) =>
        takesKey(key, { scenario: name, operations: [...operations.keys()] }),
      );
      if (takers.length === 1) continue;
      const known = replaying.map(({ name }) => name).join(', ');
      throw new EngineError(
        'invalid-option',
        takers.length === 0
          ? `${where}, which is none of the run; its scenarios: ${known}. Choose the scenario too, or remove these rows.`
          : `${where}, which several scenarios have: ${takers.map(({ name }) => name).join(', ')}. Name the scenario in a column scenario.`,
      );
    }
  }
}
