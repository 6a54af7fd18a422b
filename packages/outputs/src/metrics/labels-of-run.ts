import type { RunInfo } from '@jarvis-load/engine';
import { validName } from './family.ts';

/**
 * Labels of single series; a tag with such a name gets the prefix `tag_`. Must hold: a label that a series gets in `metrics` or
 * `remote-write` is listed here, or it replaces the tag of the run with this name. Tags of InfluxDB: `influx-points.ts`.
 */
const TAKEN = new Set([
  'scenario', 'operation', 'outcome', 'result', 'status', 'method', 'name', 'check', 'metric', 'expression', 'aspect',
  'expected_response', 'q', 'thread', 'verdict', 'le', 'job', 'instance', 'unit', 'route', 'value', 'error',
  'testid',
]); // prettier-ignore

/** The labels of every series of a run: `testid`, which k6's dashboards select by, and the tags of the run. */
export function labelsOfRun(run: RunInfo): Record<string, string> {
  const labels: Record<string, string> = { testid: run.tags['testid'] ?? run.runId };
  for (const [tag, value] of Object.entries(run.tags)) {
    const name = validName(tag);
    if (name === 'testid') continue;
    labels[labelOfTag(tag)] = value;
  }
  return labels;
}

/** The label of a tag. */
export function labelOfTag(tag: string): string {
  const name = validName(tag);
  return TAKEN.has(name) || name.startsWith('__') ? `tag_${name}` : name;
}
