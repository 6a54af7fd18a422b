import type { RunResult } from '@jarvis-load/engine/result';

/**
 * Settings that change what is measured, although the load is the same. Keys of `config` in the document, whose type does not
 * name them: another such flag of the command line is added here by hand.
 */
const SETTINGS = [
  'connections',
  'identity',
  'threads',
  'pacing',
  'http2',
  'cookies',
  'trace',
  'set',
] as const;

/**
 * What differs between two sides without keeping them from being compared, a sentence each. Settings, machine and version are
 * those of the first run of each side. Each side has at least one run.
 */
export function differencesOf(base: readonly RunResult[], candidate: readonly RunResult[]): string[] {
  const [a, b] = [base[0]!, candidate[0]!];
  const settings = SETTINGS.flatMap((name) => {
    const [one, other] = [a, b].map(({ config }) => JSON.stringify(config[name]));
    return one === other ? [] : [`setting ${name} differs: ${one ?? 'default'}, then ${other ?? 'default'}`];
  });
  const machines = [a, b].map(({ environment }) =>
    environment === null ? undefined : `${environment.cpus} × ${environment.cpu}`,
  );
  const versions = [a, b].map(({ generator }) => generator.version);
  return [
    ...onlyIn(base, candidate, 'the base'),
    ...onlyIn(candidate, base, 'the new side'),
    ...settings,
    ...(machines[0] === machines[1]
      ? []
      : [
          `the load came from another machine: ${machines[0] ?? 'unknown'}, then ${machines[1] ?? 'unknown'}`,
        ]),
    ...(versions[0] === versions[1]
      ? []
      : [`the load came from another version: ${versions[0]}, then ${versions[1]}`]),
  ];
}

function onlyIn(side: readonly RunResult[], other: readonly RunResult[], name: string): string[] {
  const keys = (run: RunResult) =>
    run.operations.map(({ scenario, operation }) => `${scenario}: ${operation}`);
  const others = other.map((run) => new Set(keys(run)));
  const missing = [...new Set(side.flatMap(keys))].filter((key) => others.some((set) => !set.has(key)));
  return missing.map((key) => `only in ${name}, therefore not compared: ${key}`);
}
