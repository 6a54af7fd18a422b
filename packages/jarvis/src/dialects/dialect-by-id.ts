import { JarvisError } from '../error.ts';
import { coreDialect } from './core.ts';
import type { Dialect, DialectId } from './dialect.ts';
import { documentedDialect } from './documented.ts';

/**
 * Both dialects, the default first: it is asked first, and scenarios are listed with its operations before a target is known.
 * Each has `auth.login` and `chat.conversations`, by which a target is recognised (`probe/detect-dialect.ts`).
 */
export const DIALECTS: readonly Dialect[] = [documentedDialect, coreDialect];

/**
 * The dialect with that id.
 * @throws JarvisError `unknown_dialect`
 */
export function dialectById(id: DialectId | (string & {})): Dialect {
  const dialect = DIALECTS.find((candidate) => candidate.id === id);
  if (dialect !== undefined) return dialect;
  throw new JarvisError(
    'unknown_dialect',
    `There is no dialect "${id}". Use one of: ${DIALECTS.map((each) => each.id).join(', ')}.`,
  );
}
