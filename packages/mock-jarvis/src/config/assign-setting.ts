/**
 * Puts values into a configuration under construction, one by its path or many from JSON. Each is checked by the schema of its
 * key.
 *
 * Must hold:
 * - The tree is modified in place, and half changed after an error: the caller passes a copy.
 * - Rules between settings are not checked here: the caller checks the whole tree afterwards (`validated` in `resolve.ts`).
 */
import { nearestName } from '@jarvis-load/engine/did-you-mean';
import { MockError } from '../mock-error.ts';
import { readValue, refuse } from './read-value.ts';
import { isNullable, isVariant, propertiesOf } from './schema-node.ts';
import type { SchemaNode } from './schema-node.ts';

/** A configuration under construction. */
export type SettingsTree = { [key: string]: unknown };

const plain = (key: string): string => key.toLowerCase().replaceAll(/[-_]/g, '');
const isTree = (value: unknown): value is SettingsTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/**
 * The property named by the first segments of a path, and the remaining segments. Operation names contain dots
 * themselves, so the longest match wins.
 */
function step(node: SchemaNode, segments: readonly string[]): { key: string; rest: string[] } | undefined {
  const keys = Object.keys(propertiesOf(node) ?? {});
  for (let length = segments.length; length > 0; length -= 1) {
    const wanted = plain(segments.slice(0, length).join('.'));
    // The unit may be left out of a key, since the value can carry it: `p95=400ms`.
    const key = keys.find((known) => plain(known) === wanted || plain(known) === `${wanted}ms`);
    if (key !== undefined) return { key, rest: segments.slice(length) };
  }
  return undefined;
}

function unknown(path: string, node: SchemaNode, segments: readonly string[]): MockError {
  const full = join(path, segments.join('.'));
  const keys = Object.keys(propertiesOf(node) ?? {});
  if (keys.length === 0) {
    return new MockError(
      'invalid_setting',
      `Mock setting ${full}: ${path} is a value and has no settings below it.`,
    );
  }
  let hint = '';
  for (let length = 1; length <= segments.length && hint === ''; length += 1) {
    const near = nearestName(segments.slice(0, length).join('.'), keys);
    if (near !== undefined) {
      hint = ` Did you mean ${join(path, [near, ...segments.slice(length)].join('.'))}?`;
    }
  }
  const where = path === '' ? 'at the top' : `below ${path}`;
  return new MockError(
    'invalid_setting',
    `Mock setting ${full} does not exist.${hint} Known ${where}: ${keys.join(', ')}.`,
  );
}

/**
 * Keeps a latency or length model consistent with one `kind`: a new `kind`, or a key of another kind, removes the keys of the
 * old one.
 */
function chooseVariant(node: SchemaNode, tree: SettingsTree, key: string, value: unknown): void {
  const members = node.anyOf!;
  const fits =
    key === 'kind'
      ? members.find((member) => member.properties!['kind']!.const === value)
      : (members.find(
          (m) => m.properties!['kind']!.const === tree['kind'] && m.properties![key] !== undefined,
        ) ?? members.find((member) => member.properties![key] !== undefined));
  if (fits === undefined) return;
  for (const other of Object.keys(tree)) if (fits.properties![other] === undefined) delete tree[other];
  tree['kind'] = fits.properties!['kind']!.const;
}

/** Sets a value, from a flag or from JSON, below `tree`, which is modified. */
function put(
  node: SchemaNode,
  tree: SettingsTree,
  key: string,
  rest: readonly string[],
  value: unknown,
  path: string,
): void {
  const child = propertiesOf(node)![key]!;
  const childPath = join(path, key);
  const isOptional = node.properties !== undefined && !(node.required ?? []).includes(key);
  if (propertiesOf(child) === undefined) {
    if (rest.length > 0) throw unknown(childPath, child, rest);
    const parsed = readValue(childPath, value, child);
    if (isVariant(node)) chooseVariant(node, tree, key, parsed);
    tree[key] = parsed;
    return;
  }
  if (rest.length === 0 && isOptional && !isNullable(child) && (value === null || value === 'none')) {
    delete tree[key];
    return;
  }
  if (!isTree(tree[key])) tree[key] = {};
  const below = tree[key] as SettingsTree;
  if (rest.length > 0) assign(child, below, rest, value, childPath);
  else if (isTree(value)) mergeSettings(child, below, value, childPath);
  else if (child.shorthand !== undefined && value !== null) {
    put(child, below, child.shorthand, [], value, childPath);
  } else throw refuse(childPath, value, `settings below it: ${Object.keys(propertiesOf(child)!).join(', ')}`);
}

function assign(
  node: SchemaNode,
  tree: SettingsTree,
  segments: readonly string[],
  value: unknown,
  path: string,
): void {
  const found = step(node, segments);
  if (found === undefined) throw unknown(path, node, segments);
  put(node, tree, found.key, found.rest, value, path);
}

/**
 * Sets one value by its path, such as `latency.chat.send.p95` = `400ms`.
 * @throws {MockError} `invalid_setting`
 */
export function assignSetting(schema: SchemaNode, tree: SettingsTree, path: string, value: unknown): void {
  assign(schema, tree, path.split('.'), value, '');
}

/**
 * Merges a partial configuration in JSON form.
 * @throws {MockError} `invalid_setting`
 */
export function mergeSettings(
  schema: SchemaNode,
  tree: SettingsTree,
  changes: SettingsTree,
  path = '',
): void {
  // `kind` first: it decides which other keys are allowed.
  const entries = Object.entries(changes).toSorted(([a], [b]) => Number(b === 'kind') - Number(a === 'kind'));
  for (const [key, value] of entries) {
    if (value !== undefined) assign(schema, tree, key.split('.'), value, path);
  }
}
