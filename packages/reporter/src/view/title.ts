import type { RunResult } from '@jarvis-load/engine/result';

/** The title that the caller gave the run (`config.title`), else what it did. Unescaped. */
export function titleOf({ config, target, scenarios }: RunResult): string {
  const { title, load } = config;
  if (typeof title === 'string' && title !== '') return title;
  const what = scenarios.length === 1 ? (scenarios[0]?.name ?? 'Load') : 'Load';
  return `${what} on ${target.name}${typeof load === 'string' ? `, ${load}` : ''}`;
}
