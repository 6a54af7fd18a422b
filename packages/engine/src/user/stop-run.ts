import { EngineError } from '../errors.ts';
import { show } from '../show.ts';
import { Interrupted } from './interrupted.ts';
import type { UserHost } from './user-host.ts';

/**
 * Ends the run and the iteration that asks for it, which counts as interrupted.
 * @throws EngineError `invalid-request` without a reason
 */
export function stopRun({ coordination, scenario }: UserHost, reason: string): never {
  if (typeof reason !== 'string') {
    throw new EngineError(
      'invalid-request',
      `scenario "${scenario.name}" stops with ${show(reason)}; expected a reason.`,
    );
  }
  coordination?.stop(`scenario "${scenario.name}": ${reason}`);
  throw new Interrupted();
}
