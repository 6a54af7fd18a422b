import { configuredLimits } from './limits.ts';
import { MOCK_PRESETS } from './presets.ts';
import { FAULT_KINDS } from './schema.ts';
import type { LatencyModel, MockConfig } from './schema.ts';

const seconds = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`);

function describeLatency(model: LatencyModel): string {
  switch (model.kind) {
    case 'constant':
      return `${model.ms} ms`;
    case 'uniform':
      return `${model.minMs} to ${model.maxMs} ms`;
    case 'lognormal':
      return `p50 ${model.p50Ms} ms, p95 ${model.p95Ms} ms`;
    case 'exponential':
      return `exponential, mean ${model.meanMs} ms`;
  }
}

/**
 * Describes a configuration in a few lines, for a start message or a report. The first line is the summary: `mock-process.ts` of
 * the command line shows it alone.
 */
export function describeMock(config: MockConfig): readonly string[] {
  const preset = MOCK_PRESETS.find(({ name }) => name === config.preset)!;
  const lines = [
    `dialect ${config.dialect}, preset ${preset.name}, seed ${config.seed}: ${preset.description}`,
  ];
  const shown = ['chat.send', 'memory.search', 'voice.synthesize', 'voice.transcribe'] as const;
  const latencies = shown.map(
    (name) => `${name} ${describeLatency(config.latency[name] ?? config.latency.default)}`,
  );
  lines.push(`latency: ${latencies.join('; ')}`);
  for (const [name, servers] of Object.entries(config.capacity)) {
    if (servers === null || servers === undefined) continue;
    const who = name === 'all' ? 'all operations' : name;
    lines.push(`capacity: ${servers} at a time for ${who}, the rest queue`);
  }
  for (const limit of configuredLimits(config)) {
    lines.push(`rate limit ${limit.name}: ${limit.requests} in ${limit.perSeconds} s per ${limit.scope}`);
  }
  for (const kind of FAULT_KINDS) {
    const { probability, everyNth, operations, window } = config.faults[kind];
    if (probability === 0 && everyNth === null) continue;
    const when =
      window.durationMs === null ? '' : `, for ${seconds(window.durationMs)} from ${seconds(window.startMs)}`;
    const whose = operations === null ? 'all requests' : operations.join(', ');
    const share = everyNth === null ? `${Number((probability * 100).toFixed(3))}%` : `one in ${everyNth}`;
    lines.push(`fault ${kind}: ${share} of ${whose}${when}`);
  }
  const { freeze } = config;
  if (freeze.durationMs > 0) {
    const again = freeze.everyMs === null ? '' : `, every ${seconds(freeze.everyMs)}`;
    lines.push(`freeze: no answer for ${seconds(freeze.durationMs)} from ${seconds(freeze.startMs)}${again}`);
  }
  return lines;
}
