import { MetricCatalog } from '../metrics/metric-catalog.ts';
import type { ScenarioDefinition, Thresholds } from '../model/scenario.ts';
import { ThresholdJudge } from './threshold-judge.ts';
import { compileRun } from '../definition/compile.ts';

/**
 * Checks thresholds against scenarios, as `startLoad` does, without a run, those of the scenarios included: their grammar, that each
 * metric exists and has the requested method, and that each selector can match something.
 * @throws EngineError `invalid-threshold`; `invalid-scenario` and `invalid-option` for the scenarios themselves
 */
export function checkThresholds(scenarios: readonly ScenarioDefinition[], thresholds: Thresholds): void {
  const run = compileRun(scenarios);
  void new ThresholdJudge(run, thresholds, new MetricCatalog(run));
}
