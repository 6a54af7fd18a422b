import type { ChecksOf } from '../model/scenario.ts';
import { isPromise } from './is-promise.ts';
import { asyncCheck, uncheckable, wrongCheck } from './misuse.ts';
import type { UserHost } from './user-host.ts';

/**
 * Evaluates checks on one value and counts them; true when all hold. Outside of phase `run` nothing is counted.
 * @throws EngineError for checks that are asynchronous or no functions, and for a promise; an error of a check passes through
 */
export function runChecks<Subject>(
  { recorder, phase, scenario }: UserHost,
  subject: Subject,
  checks: ChecksOf<Subject>,
): boolean {
  let all = true;
  if (isPromise(subject) || typeof checks !== 'object' || (checks as unknown) === null)
    throw uncheckable(scenario.name, subject, checks);
  for (const name in checks) {
    const check: unknown = checks[name];
    if (typeof check !== 'function') throw wrongCheck(scenario.name, name, check);
    const pass: unknown = (check as (subject: Subject) => unknown)(subject);
    const holds = Boolean(pass);
    const unknowable = isPromise(pass);
    if (phase === 'run') recorder?.check(scenario.index, name, holds && !unknowable);
    if (unknowable) throw asyncCheck(scenario.name, name, pass);
    if (!holds) all = false;
  }
  return all;
}
