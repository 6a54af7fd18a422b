import type { HttpMethod } from '@jarvis-load/engine';

const METHODS: Readonly<Record<HttpMethod, true>> = {
  GET: true,
  HEAD: true,
  POST: true,
  PUT: true,
  PATCH: true,
  DELETE: true,
  OPTIONS: true,
};

/** The method of a name in any case; `undefined` for one that a test file cannot send. */
export function methodOf(name: string): HttpMethod | undefined {
  const upper = name.toUpperCase();
  return Object.hasOwn(METHODS, upper) ? (upper as HttpMethod) : undefined;
}
