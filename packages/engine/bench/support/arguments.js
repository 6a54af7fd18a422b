import { parseArgs } from 'node:util';

/**
 * The numbers and switches of a benchmark's command line.
 *
 * @template {Record<string, string | boolean>} T
 * @param {T} defaults by name: a string takes a value, a boolean does not
 * @returns {T}
 */
export function readArguments(defaults) {
  const { values } = parseArgs({
    options: Object.fromEntries(
      Object.entries(defaults).map(([name, value]) =>
        typeof value === 'boolean'
          ? [name, { type: /** @type {const} */ ('boolean') }]
          : [name, { type: /** @type {const} */ ('string') }],
      ),
    ),
  });
  return { ...defaults, .../** @type {Partial<T>} */ (values) };
}
