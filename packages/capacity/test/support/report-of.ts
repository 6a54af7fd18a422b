import { capacityReport, type CapacityReport, type CapacityRound } from '../../src/index.ts';

/** The report of these rounds of a search by rate. */
export function reportOf(rounds: readonly CapacityRound[]): CapacityReport {
  return capacityReport({
    generator: { name: 'jarvis-load', version: '0' },
    id: 'x',
    startedAt: '',
    mode: 'search',
    unit: 'rate',
    target: { name: 't', url: 'u' },
    scenarios: [],
    precision: 0.1,
    rounds,
    notes: [],
  });
}
