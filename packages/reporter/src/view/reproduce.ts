import type { RunResult } from '@jarvis-load/engine/result';

/** The command of the run, if the caller stored it, redacted, in `config.command`. Unescaped. */
export function reproduceCommand(result: RunResult): string | undefined {
  const { command } = result.config;
  return typeof command === 'string' && command !== '' ? command : undefined;
}
