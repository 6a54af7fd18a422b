import { schemaProblem } from '../input/schema-problem.ts';
import { didYouMean } from '../did-you-mean.ts';
import { MAX_TIMER_MS } from '../duration.ts';
import type { RequestSpec } from '../model/scenario.ts';
import { show } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';

/**
 * Every name of a request; a type error here when one is missing. A new one needs a case in `checkSpecNames` as well, or it is
 * refused; the k6 user applies the same check.
 */
const NAMES: Readonly<Record<keyof RequestSpec, true>> = {
  operation: true,
  path: true,
  params: true,
  query: true,
  headers: true,
  json: true,
  form: true,
  multipart: true,
  body: true,
  expect: true,
  answer: true,
  redirects: true,
  base: true,
  tags: true,
  timeoutMs: true,
  hangUpAfterMs: true,
};

/** Whether a name is one of a request's parts. */
export function isPartOfRequest(name: string): boolean {
  return Object.hasOwn(NAMES, name);
}

/** Names that other tools use, with the name to use here. */
const FOREIGN: Readonly<Record<string, string>> = {
  timeout: " It is 'timeoutMs' here.",
  data: " It is 'json', 'form' or 'body' here.",
  files: " It is 'multipart' here.",
  url: " It is 'path' here.",
  method: ' The operation has it.',
  follow: " It is 'redirects' here.",
  schema: " It is 'answer' here.",
  tag: " It is 'tags' here.",
};

/** A request has parts that `expandRequest` works out. */
export const EXPANDS = 1;
/** A request has parts that few have: `checkRareParts` checks them, but for `base` and `tags`. */
export const RARE = 2;

/**
 * Rejects unknown names. Runs for each request: allocates nothing and compares by `switch`, about 20 ns.
 * @returns 0 for a request of a path, headers, a time limit, and `json` or `body`; else EXPANDS, RARE or their sum
 * @throws RequestProblem
 */
export function checkSpecNames(spec: RequestSpec): number {
  let parts = spec.path === undefined ? EXPANDS : 0;
  for (const name in spec) {
    switch (name) {
      case 'operation':
      case 'path':
      case 'headers':
      case 'json':
      case 'body':
      case 'timeoutMs':
        break;
      case 'params':
      case 'query':
      case 'form':
      case 'multipart':
        parts |= EXPANDS;
        break;
      case 'expect':
      case 'answer':
      case 'redirects':
      case 'base':
      case 'tags':
      case 'hangUpAfterMs':
        parts |= RARE;
        break;
      default:
        refuse(name);
    }
  }
  return parts;
}

/** @throws RequestProblem */
export function checkTimeout({ timeoutMs }: RequestSpec): void {
  if (timeoutMs === undefined) return;
  if (typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MAX_TIMER_MS) return;
  throw new RequestProblem(
    `has timeoutMs ${show(timeoutMs)}; expected milliseconds above 0, at most ${MAX_TIMER_MS}`,
  );
}

/** Checks parts that few requests have. @throws RequestProblem */
export function checkRareParts({ answer, expect, redirects, hangUpAfterMs }: RequestSpec): void {
  const unlikeSchema = answer === undefined ? undefined : schemaProblem(answer);
  if (unlikeSchema !== undefined) throw new RequestProblem(`has answer ${unlikeSchema}`);
  if (
    hangUpAfterMs !== undefined &&
    !(typeof hangUpAfterMs === 'number' && hangUpAfterMs > 0 && hangUpAfterMs <= MAX_TIMER_MS)
  ) {
    throw new RequestProblem(
      `has hangUpAfterMs ${show(hangUpAfterMs)}; expected milliseconds above 0, at most ${MAX_TIMER_MS}`,
    );
  }
  if (expect !== undefined && !(Array.isArray(expect) && expect.length > 0 && expect.every(isStatus))) {
    throw new RequestProblem(`has expect ${show(expect)}; expected a list of statuses such as [201, 404]`);
  }
  if (redirects !== undefined && typeof redirects !== 'boolean' && !isRedirectOptions(redirects)) {
    throw new RequestProblem(`has redirects ${show(redirects)}; expected true, false, or { most: 10 }`);
  }
}

function isRedirectOptions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { most = 10, ...others } = value as { readonly most?: unknown };
  return Number.isInteger(most) && Number(most) >= 1 && Object.keys(others).length === 0;
}

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599;
}

function refuse(name: string): never {
  const names = Object.keys(NAMES);
  const hint = Object.hasOwn(FOREIGN, name) ? FOREIGN[name]! : didYouMean(name, names);
  throw new RequestProblem(
    `has ${show(name)}, which is not part of a request.${hint} Known: ${names.join(', ')}`,
  );
}

/**
 * Rejects headers that are not a plain object: a `Headers` or a `Map` would be sent as none.
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
