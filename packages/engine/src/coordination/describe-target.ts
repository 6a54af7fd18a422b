import type { ResultNote, RunResult } from '../document/schema.ts';
import type { HttpProtocol } from '../model/flight.ts';
import type { ResolvedRun } from '../definition/resolve-options.ts';

/**
 * The target as described in the document. @param protocol that its connections spoke; undefined where there was none
 */
export function describeTarget(
  { options, target }: ResolvedRun,
  protocol: HttpProtocol | undefined,
): RunResult['target'] {
  const { name, dialect, detail } = options.describe?.target ?? { name: target.origin };
  return {
    name,
    url: target.origin + target.pathPrefix,
    ...(protocol === undefined ? {} : { protocol }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** A note if the connections used another protocol than requested. */
export function protocolNotes(
  { transport }: ResolvedRun,
  protocol: HttpProtocol | undefined,
): readonly ResultNote[] {
  if (!transport.http2 || protocol !== 'HTTP/1.1') return [];
  return [
    {
      level: 'warning',
      code: 'http2-not-spoken',
      text: 'HTTP/2 was asked for, but the target speaks HTTP/1.1 only: the requests went over that. HTTP/2 needs https:// and a server that offers it.',
    },
  ];
}
