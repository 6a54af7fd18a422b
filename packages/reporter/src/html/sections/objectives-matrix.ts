import { formatShare, type ObjectiveResult } from '@jarvis-load/engine/result';
import { objectiveRow } from '../../view/objective-row.ts';
import { STATUS_WORDS, type Status } from '../../view/status.ts';

/** One objective: limit, measured value, margin, status. */
export interface ObjectiveCell {
  readonly status: Status;
  readonly word: string;
  readonly measured: string;
  readonly limit: string;
  readonly margin: string;
  readonly remark: string;
  /** Used share of the limit, in percent of the bar; null without a bar. */
  readonly usedPercent: number | null;
}

/** Objectives as a table: a row per operation, a column per aspect. */
export interface ObjectivesMatrix {
  readonly aspects: readonly string[];
  readonly rows: readonly {
    readonly operation: string;
    readonly endpoint: string;
    readonly cells: readonly (ObjectiveCell | null)[];
  }[];
}

/** Groups objectives by operation and aspect. */
export function objectivesMatrix(objectives: readonly ObjectiveResult[]): ObjectivesMatrix {
  const aspects = [...new Map(objectives.map((each) => [each.aspect, objectiveRow(each).aspect]))];
  const operations = [...new Map(objectives.map((each) => [each.operation, each])).values()];
  return {
    aspects: aspects.map(([, word]) => word),
    rows: operations.map(({ operation, method, route }) => ({
      operation,
      endpoint: `${method} ${route}`.trim(),
      cells: aspects.map(([aspect]) => {
        const found = objectives.find((each) => each.operation === operation && each.aspect === aspect);
        return found === undefined ? null : cell(found);
      }),
    })),
  };
}

/** The remaining share of the limit, or the share by which it was missed. */
function marginWords({ margin, aspect }: ObjectiveResult): string {
  if (margin === null) return '';
  if (margin < 0) return `${formatShare(-margin)} ${aspect === 'requestsPerSecond' ? 'short' : 'over'}`;
  return `${formatShare(margin)} ${aspect === 'requestsPerSecond' ? 'above' : 'left'}`;
}

function cell(objective: ObjectiveResult): ObjectiveCell {
  const row = objectiveRow(objective);
  const { measured, limit, aspect, status } = objective;
  const judged = measured !== null && limit > 0 && (status === 'pass' || status === 'fail');
  const upper = aspect !== 'requestsPerSecond';
  return {
    status: row.status,
    word: STATUS_WORDS[row.status],
    measured: row.measured,
    limit: row.limit,
    margin: marginWords(objective),
    remark: row.remark,
    usedPercent: judged && upper ? Math.round(Math.min(1, measured / limit) * 1000) / 10 : null,
  };
}
