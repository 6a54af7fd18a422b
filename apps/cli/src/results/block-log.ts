import { decodeHistogram, formatLogHeader, formatLogLine } from '@jarvis-load/engine/recorder';
import type { RunResult } from '@jarvis-load/engine/result';

/**
 * An interval log from a document, for a run that wrote none as it went: the blocks of the document, so intervals of a second or
 * more, good answers only, in the wider buckets of the blocks. Undefined for a document without blocks.
 */
export function blockLog({ run, blocks }: RunResult): string | undefined {
  if (blocks === undefined) return undefined;
  const lines: string[] = [];
  let startMs = 0;
  blocks.durationsMs.forEach((durationMs, index) => {
    for (const { scenario, operation, histograms } of blocks.operations) {
      const text = histograms[index];
      if (text === null || text === undefined) continue;
      const interval = { startMs, endMs: startMs + durationMs, histogram: decodeHistogram(text) };
      lines.push(formatLogLine({ tag: `${scenario}/${operation}`, ...interval }));
    }
    startMs += durationMs;
  });
  const widest = Math.max(0, ...blocks.operations.map(({ bucketWidth }) => bucketWidth));
  const remark = `#[Made from result.json: good answers, buckets of up to ${(100 * widest).toFixed(1)}%]\n`;
  return `${remark}${formatLogHeader(Date.parse(run.startedAt))}${lines.join('')}`;
}
