import type { LoadResponse } from '../model/scenario.ts';
import { isPromise } from './is-promise.ts';
import { asyncCheck, uncheckable } from './misuse.ts';
import type { UserHost } from './user-host.ts';

/**
 * Evaluates checks on one response and counts them; true when all hold.
 * @throws EngineError for checks that are asynchronous, and for what is no response
 */
export function runChecks(
  { recorder, phase, scenario }: UserHost,
  subject: LoadResponse,
  checks: Readonly<Record<string, (response: LoadResponse) => boolean>>,
): boolean {
  let all = true;
  if (isPromise(subject) || typeof checks !== 'object' || (checks as unknown) === null)
    throw uncheckable(scenario.name, subject, checks);
  for (const name in checks) {
    const pass: unknown = checks[name]!(subject);
    const holds = Boolean(pass);
    const unknowable = isPromise(pass);
    if (phase === 'run') recorder?.check(scenario.index, name, holds && !unknowable);
    if (unknowable) throw asyncCheck(scenario.name, name, pass);
    if (!holds) all = false;
  }
  return all;
}
