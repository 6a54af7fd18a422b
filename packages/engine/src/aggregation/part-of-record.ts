import type { RunInfo } from '../model/run-info.ts';
import type { PartOfRun } from '../model/run-options.ts';

/**
 * Which part of one schedule a record is of; `undefined`: of none. Earlier journals have it in the words of their command only,
 * from 1, such as `1/3`.
 */
export function partOfRecord({ part, config }: Pick<RunInfo, 'part' | 'config'>): PartOfRun | undefined {
  if (part !== undefined) return part;
  const written = config['part'];
  const [, number, of] = (typeof written === 'string' && /^([1-9]\d*)\/([1-9]\d*)$/.exec(written)) || [];
  return of === undefined ? undefined : { index: Number(number) - 1, of: Number(of) };
}
