import type { RunResult } from '@jarvis-load/engine/result';

/** The command that made the run, where the caller put it into `config.command`. */
export function reproduceCommand(result: RunResult): string | undefined {
  const { command } = result.config;
  return typeof command === 'string' && command !== '' ? command : undefined;
}
