import { EngineError } from '@jarvis-load/engine';
import { LiveError } from '@jarvis-load/live';

const STATUS_OF: Readonly<Record<string, number>> = { 'wrong-state': 409, 'target-not-allowed': 403 };

/** Does what the page asked for. @throws LiveError for what the engine refuses */
export function asked(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError)
      throw new LiveError(STATUS_OF[error.code] ?? 400, error.code, error.message);
    throw error;
  }
}
