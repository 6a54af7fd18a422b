import { MetricCatalog } from '../metrics/catalog.ts';
import type { ScenarioDefinition, Thresholds } from '../scenario.ts';
import { ThresholdJudge } from '../thresholds/judge.ts';
import { compileRun } from './compile.ts';

/**
 * Checks thresholds against scenarios, as `startLoad` does, without a run: their grammar, that the metrics exist and have
 * what is asked of them, and that there is something that each selector can name.
 * @throws EngineError `invalid-threshold`; `invalid-scenario` and `invalid-option` for the scenarios themselves
 */
export function checkThresholds(scenarios: readonly ScenarioDefinition[], thresholds: Thresholds): void {
  const run = compileRun(scenarios);
  void new ThresholdJudge(run, thresholds, new MetricCatalog(run));
}
