import { isFailure, type Outcome } from '@jarvis-load/engine/outcome';
import { formatNumber, type RunResult } from '@jarvis-load/engine/result';
import { formatElapsed } from '../../format/time.ts';
import type { HtmlTable } from '../table-model.ts';

/** The slowest requests whose trace id is known. */
export function tracesTable({ traces }: RunResult): HtmlTable {
  return {
    caption: 'The slowest requests that carried a trace id, at most five of each operation',
    sortable: true,
    columns: [
      { title: 'Operation' },
      { title: 'Response time, ms', numeric: true },
      { title: 'Outcome' },
      { title: 'Intended start', numeric: true },
      { title: 'Trace id' },
    ],
    rows: (traces?.slowest ?? []).map((request) => ({
      cells: [
        { text: request.operation, sub: request.scenario, code: true },
        { text: formatNumber(request.responseTimeMs), sort: request.responseTimeMs },
        {
          text: request.outcome.replaceAll('_', ' '),
          sub: request.status === 0 ? 'no response' : `status ${request.status}`,
          ...(isFailure(request.outcome as Outcome) ? { tone: 'fail' as const } : {}),
        },
        { text: formatElapsed(request.atMs), sort: request.atMs },
        { text: request.traceId, code: true },
      ],
    })),
  };
}
