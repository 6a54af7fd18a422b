import { Point } from '@influxdata/influxdb-client';
import { outcomesOf } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo, RunResult, RunSnapshot, Tags } from '@jarvis-load/engine';
import type { Second } from '../exporter.ts';
import { TagLabels } from '../metrics/tag-labels.ts';
import { checkRows } from '../rows/check-row.ts';
import { operationRow } from '../rows/operation-row.ts';
import { STREAM_COUNTS, STREAM_TIMES } from '../rows/stream-row.ts';
import { groupRows, taggedRows } from '../rows/tagged-row.ts';
import { TIME_STATS, type TimeStats } from '../rows/time-stats.ts';
import { trendStats } from '../rows/trend-row.ts';

/*
 * Points of line protocol: `InfluxPoints`. Must hold:
 * - A field keeps its type (integer or float) in all points: InfluxDB rejects a point whose field has another.
 * - Timestamps are milliseconds; the URL of `influx-output.ts` says so to the receiver.
 * - Two points of one measurement with the same tags and time are one: what sets them apart is a tag, listed in `TAKEN`.
 * - Dashboards read these names (`dashboards/code/influxdb.ts`); one that is changed goes into `docs/changes.md`.
 */

/** Tags of single points, and those of the run; another tag with such a name gets the prefix `tag_`. */
const TAKEN = new Set([
  'testid',
  'run_id',
  'scenario',
  'operation',
  'check',
  'metric',
  'expression',
  'aspect',
  'time',
  '_measurement',
  '_field',
]);

/** Makes the points of a run: aggregates per second, each measurement with all its fields in one point. */
export class InfluxPoints {
  readonly #labels: TagLabels;
  readonly #tags: Readonly<Record<string, string>>;

  constructor(run: RunInfo) {
    this.#labels = new TagLabels(run, (name) => TAKEN.has(name));
    const { testid = run.runId, ...tags } = run.tags;
    // Parts of a run and workers of a Locust master share their `testid`, and may write at one millisecond.
    this.#tags = { testid, run_id: run.runId, ...this.#labels.ofRun(tags) };
  }

  /** A point at the start or the end of the run, which dashboards show as an annotation. */
  event(title: string, text: string, timeMs: number): string {
    return line(
      this.#point('jarvis_load_event', {}, timeMs).stringField('title', title).stringField('text', text),
    );
  }

  /** What is known before the load: the first point, which shows whether the receiver takes any. */
  prepared(run: RunInfo, timeMs: number): string {
    const point = this.#point('jarvis_load_run', {}, timeMs);
    point.stringField('target', run.target.name).stringField('version', run.generator.version);
    return line(point.stringField('seed', String(run.seed)));
  }

  /** The points of one second. */
  second(second: Second): readonly string[] {
    const { delta, health, machine, startWallMs, endMs, judged } = second;
    const timeMs = startWallMs + endMs;
    const points: Point[] = [];
    for (const part of delta.operations) {
      const row = operationRow(part);
      const { scenario, operation } = row;
      const point = this.#point('jarvis_load_operation', { scenario, operation }, timeMs);
      for (const name of [
        'requests',
        'failed',
        'interrupted',
        'retries',
        'bytesSent',
        'bytesReceived',
      ] as const)
        point.intField(snakeCase(name), row[name]);
      for (const outcome of outcomesOf(part.streams !== undefined))
        point.intField(outcome, row.outcomes[outcome]);
      addTimes(point, 'response', row.responseMs);
      addTimes(point, 'service', row.serviceMs);
      addTimes(point, 'queue_wait', row.queueWaitMs);
      points.push(point, ...this.#tagged(part, timeMs));
      const { streams } = row;
      if (streams === undefined) continue;
      const streamed = this.#point('jarvis_load_stream', { scenario, operation }, timeMs);
      for (const name of STREAM_COUNTS) streamed.floatField(name, streams[name]);
      for (const [time, name] of STREAM_TIMES) addTimes(streamed, name, streams[time]);
      points.push(streamed);
    }
    for (const { scenario, group, count, durationMs } of groupRows(delta)) {
      const point = this.#point('jarvis_load_group', { scenario, group }, timeMs).intField('count', count);
      addTimes(point, 'duration', durationMs);
      points.push(point);
    }
    for (const { scenario, users, targetUsers, inFlight, counts } of delta.scenarios) {
      const point = this.#point('jarvis_load_scenario', { scenario }, timeMs);
      point.intField('users', users).intField('users_target', targetUsers).intField('in_flight', inFlight);
      for (const name of ['planned', 'started', 'completed', 'failed', 'dropped', 'interrupted'] as const)
        point.intField(`iterations_${name}`, counts[name]);
      points.push(point);
    }
    for (const { scenario, name, passes, fails } of checkRows(delta))
      points.push(
        this.#point('jarvis_load_check', { scenario, check: name }, timeMs)
          .intField('passes', passes)
          .intField('fails', fails),
      );
    for (const { scenario, name, selection, samples, value, trend } of delta.metrics) {
      if (selection >= 0) continue;
      const point = this.#point('jarvis_load_metric', { scenario, metric: name }, timeMs).intField(
        'samples',
        samples,
      );
      if (trend !== null) addFinite(point, { ...trendStats(trend) });
      else if (samples > 0) addFinite(point, { value });
      points.push(point);
    }
    const generator = this.#point('jarvis_load_generator', {}, timeMs);
    generator.floatField('event_loop_utilization', health.eventLoopUtilization);
    if (health.rssBytes !== null) generator.intField('resident_memory_bytes', health.rssBytes);
    if (health.machineCpuShare !== null) generator.floatField('machine_cpu_ratio', health.machineCpuShare);
    if (delta.pacerLag.count > 0) generator.floatField('pacer_lag_max_ms', delta.pacerLag.max / 1000);
    const pressure = machine?.second.pressureShare;
    if (pressure !== null && pressure !== undefined)
      generator.floatField('machine_cpu_pressure_ratio', pressure);
    points.push(generator, ...(judged === undefined ? [] : this.#judged(judged, timeMs)));
    return points.map(line);
  }

  /** The final judgement. */
  end(result: RunResult, timeMs: number): readonly string[] {
    const { verdict } = result;
    const why = verdict.reasons.map(({ text }) => text).join(' ');
    const point = this.#point('jarvis_load_verdict', {}, timeMs);
    point.stringField('verdict', verdict.status).stringField('reasons', why);
    return [
      ...this.#judged(result, timeMs).map(line),
      line(point),
      this.event(`end: ${verdict.status}`, why === '' ? verdict.status : why, timeMs),
    ];
  }

  /** Requests with tags of their own, in a measurement of its own: sums over operations stay what they are. */
  #tagged(part: OperationPart, timeMs: number): readonly Point[] {
    const { scenario, operation } = part;
    const labelsOf = (tags: Tags) => ({ ...this.#labels.ofRequest(tags), scenario, operation });
    const rows = taggedRows(part, (tags) => this.#tagsOf(labelsOf(tags)));
    return rows.map(({ tags, requests, failed, responseMs, serviceMs }) => {
      const labels = labelsOf(tags);
      const point = this.#point('jarvis_load_tagged', labels, timeMs);
      point.intField('requests', requests).intField('failed', failed);
      addTimes(point, 'response', responseMs);
      addTimes(point, 'service', serviceMs);
      return point;
    });
  }

  #judged(
    { thresholds, objectives }: Pick<RunSnapshot | RunResult, 'thresholds' | 'objectives'>,
    timeMs: number,
  ): readonly Point[] {
    const judged = (
      point: Point,
      { status, limit, measured }: (typeof objectives | typeof thresholds)[number],
    ): Point => {
      point.floatField('limit', limit).stringField('status', status);
      addFinite(point, { value: measured });
      if (status === 'pass' || status === 'fail') point.intField('ok', status === 'pass' ? 1 : 0);
      return point;
    };
    return [
      ...thresholds.map((one) => {
        const { metric, expression } = one;
        const scenario = one.scenario ?? '';
        return judged(this.#point('jarvis_load_threshold', { metric, expression, scenario }, timeMs), one);
      }),
      ...objectives.map((one) => {
        const { operation, aspect } = one;
        return judged(this.#point('jarvis_load_objective', { operation, aspect }, timeMs), one);
      }),
    ];
  }

  #point(measurement: string, tags: Readonly<Record<string, string>>, timeMs: number): Point {
    const point = new Point(measurement);
    for (const [name, value] of Object.entries(this.#tagsOf(tags)))
      point.tag(name, withoutLastBackslash(value));
    // As text the time is written as it is, in the precision of the request.
    return point.timestamp(String(Math.round(timeMs)));
  }

  /** Those of the run, too; one of the request takes the place of one of the run. Line protocol has no empty ones. */
  #tagsOf(tags: Tags): Tags {
    return Object.fromEntries(Object.entries({ ...this.#tags, ...tags }).filter(([, value]) => value !== ''));
  }
}

/**
 * Line protocol cannot write a backslash at the end of the value of a tag: it would escape the sign behind, and the server would
 * reject the point. The sign that looks the same takes its place, so that two values stay two.
 */
function withoutLastBackslash(value: string): string {
  return value.endsWith('\\') ? `${value.slice(0, -1)}\uFF3C` : value;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A sum of samples may be infinite, which line protocol cannot write. */
function addFinite(point: Point, fields: { readonly [name: string]: number | null }): void {
  for (const [name, value] of Object.entries(fields))
    if (value !== null && Number.isFinite(value)) point.floatField(name, value);
}

function addTimes(point: Point, name: string, stats: TimeStats): void {
  for (const stat of TIME_STATS) {
    const value = stats[stat];
    if (value !== null) point.floatField(`${name}_${stat}_ms`, value);
  }
}

function line(point: Point): string {
  return point.toLineProtocol() ?? '';
}
