import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { Family } from '../metrics/family.ts';

/** A metric as OTLP has it: `descriptor` has its name and unit, `family` the type, attributes and values of its series. */
export interface ConventionMetric {
  readonly descriptor: MetricData['descriptor'];
  readonly family: Family;
}

/** @param description as the convention has it */
export function secondsDescriptor(name: string, description: string): MetricData['descriptor'] {
  // The enumeration of `@opentelemetry/api`: 1 is DOUBLE.
  return { name, description, unit: 's', valueType: 1 };
}

/** Attributes of the server that a URL names. */
export function serverAttributes(target: string): Readonly<Record<string, string>> {
  const { hostname, port, protocol } = new URL(target);
  return {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? '443' : '80') : port,
  };
}
