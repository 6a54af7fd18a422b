import { finishMs } from '../delivery/finish-ms.ts';
import { reportLoss } from '../delivery/loss-error.ts';
import type { Exporter, Second } from '../exporter.ts';
import { checkRows } from '../rows/check-row.ts';
import { operationRow } from '../rows/operation-row.ts';
import { groupRows, taggedRows } from '../rows/tagged-row.ts';
import { trendStats } from '../rows/trend-row.ts';
import { LineFile } from './line-file.ts';
import { pathOfRun } from '../spec/path-of-run.ts';

/** Version of the lines, in the first of them. Rows of `rows` are written as they are: their names are part of it. */
const FORMAT = 1;

function intervalLine(second: Second): object {
  const { index, startMs, endMs, startWallMs, last, phase, paused, delta, health, judged } = second;
  return {
    type: 'interval',
    time: new Date(startWallMs + endMs).toISOString(),
    index,
    startMs,
    endMs,
    last,
    phase,
    paused,
    scenarios: delta.scenarios.map(({ scenario, users, targetUsers, inFlight, counts }) => ({
      scenario,
      users,
      targetUsers,
      inFlight,
      iterations: counts,
    })),
    operations: delta.operations.map((part) => ({
      ...operationRow(part),
      statuses: part.statuses,
      ...(part.byTags === undefined ? {} : { tagged: taggedRows(part) }),
    })),
    groups: delta.groups === undefined ? undefined : groupRows(delta),
    checks: checkRows(delta),
    metrics: delta.metrics
      .filter(({ selection }) => selection < 0)
      .map(({ scenario, name, samples, value, min, max, trend }) => ({
        scenario,
        name,
        samples,
        ...(trend === null ? { value, min, max } : trendStats(trend)),
      })),
    thresholds: judged?.thresholds.map(({ metric, expression, scenario, status, measured, limit, unit }) => ({
      metric,
      expression,
      scenario,
      status,
      measured,
      limit,
      unit,
    })),
    objectives: judged?.objectives.map(({ operation, aspect, status, measured, limit }) => ({
      operation,
      aspect,
      status,
      measured,
      limit,
    })),
    generator: {
      eventLoopUtilization: health.eventLoopUtilization,
      cpuSeconds: health.cpuSeconds,
      rssBytes: health.rssBytes,
    },
  };
}

/**
 * `ndjson`: a JSON object per line: the run, its phases, notices, changes of the load and intervals as they come, and its end.
 * @param manyRuns a file for each
 */
export function ndjsonOutput(path: string, manyRuns = false): Exporter {
  let file: LineFile | undefined;
  const write = (line: object): void => file?.write(`${JSON.stringify(line)}\n`, 1);
  return {
    async start({
      runId,
      seed,
      generator,
      target,
      tags,
      plannedDurationMs,
      scenarios,
      operations,
      thresholds,
      objectives,
    }) {
      file = new LineFile(manyRuns ? pathOfRun(path, runId) : path);
      write({
        type: 'run',
        format: FORMAT,
        time: new Date().toISOString(),
        runId,
        seed,
        generator,
        target,
        tags,
        plannedDurationMs,
        scenarios: scenarios.map((scenario) => ({ name: scenario.name, executor: scenario.executor.kind })),
        operations,
        thresholds,
        objectives,
      });
    },
    event(event) {
      write({ time: new Date().toISOString(), ...event });
    },
    second(second) {
      write(intervalLine(second));
    },
    hurry: () => file?.hurry(),
    async stop(result) {
      if (result !== undefined)
        write({
          type: 'end',
          time: result.run.endedAt,
          end: result.run.end,
          verdict: result.verdict,
          thresholds: result.thresholds,
          objectives: result.objectives,
        });
      await file?.close(finishMs(result));
      reportLoss(file?.loss, 'lines');
    },
  };
}
