import type { Operation, RequestSpec } from '@jarvis-load/engine';
import { DIALECTS } from '../dialects/dialect-by-id.ts';
import type { Dialect, DialectId, JarvisOperation } from '../dialects/dialect.ts';
import type { OperationName } from '../dialects/operation-name.ts';

/** Name of an operation while probing, with its dialect: some names, such as the login, exist in both. */
export type ProbeOperationName = `${DialectId}/${OperationName}`;

/** The operations that a client for probes must declare: those of both dialects, without body predicates. */
export const PROBE_OPERATIONS: readonly Operation[] = DIALECTS.flatMap((dialect) =>
  Object.values(dialect.operations).map(({ name, method, route }) => ({
    name: probeName(dialect, name),
    method,
    route,
  })),
);

function probeName(dialect: Dialect, name: OperationName): ProbeOperationName {
  return `${dialect.id}/${name}`;
}

/** The request of an operation under its probe name, with a token where one is given. */
export function probeSpec<Name extends OperationName>(
  dialect: Dialect,
  operation: JarvisOperation<Name>,
  input: Parameters<JarvisOperation<Name>['request']>[0],
  token: string | undefined,
): RequestSpec {
  return {
    ...operation.request(input),
    operation: probeName(dialect, operation.name),
    ...(operation.protected && token !== undefined ? { headers: { authorization: `Bearer ${token}` } } : {}),
  };
}
