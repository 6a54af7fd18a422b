import type { RunInfo } from '@jarvis-load/engine';
import { TagLabels } from './tag-labels.ts';

/**
 * Labels of single series; a tag with such a name gets the prefix `tag_`. Must hold: a label that a series gets in `metrics` or
 * `remote-write` is listed here, or it replaces the tag of the run with this name (a test compares). Tags of InfluxDB:
 * `influx-points.ts`.
 */
const TAKEN = new Set([
  'scenario', 'operation', 'outcome', 'result', 'status', 'method', 'name', 'check', 'metric', 'expression', 'aspect',
  'expected_response', 'q', 'thread', 'verdict', 'le', 'job', 'instance', 'unit', 'route', 'value', 'error', 'testid',
  'run_id', 'target', 'version', 'seed', 'condition',
]); // prettier-ignore

/** Names of the tags of a run and of its requests, as labels. */
export function tagLabels(run: RunInfo): TagLabels {
  return new TagLabels(run, (name) => TAKEN.has(name) || name.startsWith('__'));
}

/** The labels of every series of a run: `testid`, which k6's dashboards select by, and the tags of the run. */
export function labelsOfRun(run: RunInfo, labels = tagLabels(run)): Record<string, string> {
  const { testid = run.runId, ...tags } = run.tags;
  return { testid, ...labels.ofRun(tags) };
}
