import type { Extraction } from './correlate.ts';
import { around, braces, type Source } from './layout.ts';
import { propertyAccess, propertyKey } from './source-text.ts';

type Path = readonly (string | number)[];
type Leaf = Pick<Extraction, 'path' | 'type' | 'otherwise'>;

/** The TypeBox schema of an answer that has the values, and nothing more. */
export function schemaSource(extractions: readonly Leaf[]): Source {
  const [first] = extractions;
  if (first === undefined || first.path.length === 0) {
    const type = first?.type === 'number' ? 'Type.Number()' : 'Type.String()';
    return first?.otherwise === undefined ? type : `Type.Optional(${type})`;
  }
  const rest = (leaves: readonly Leaf[]): Source =>
    schemaSource(leaves.map(({ path, ...leaf }) => ({ ...leaf, path: path.slice(1) })));
  if (typeof first.path[0] === 'number') return around('Type.Array(', rest(extractions), ')');
  const members = new Map<string, Leaf[]>();
  for (const each of extractions) {
    const name = String(each.path[0]);
    members.set(name, [...(members.get(name) ?? []), each]);
  }
  const items = [...members].map(([name, leaves]) => around(`${propertyKey(name)}: `, rest(leaves)));
  return around('Type.Object(', braces(items), ')');
}

/** Access to a value of an answer that may be undefined: `found?.items[0]?.id`. */
export function accessSource(variable: string, path: Path): string {
  // An item of a list may be missing: the list of another run may be shorter.
  let mayBeMissing = true;
  let source = variable;
  for (const part of path) {
    const access = typeof part === 'number' ? `[${part}]` : propertyAccess(part);
    source += mayBeMissing ? `?${access.startsWith('[') ? '.' : ''}${access}` : access;
    mayBeMissing = typeof part === 'number';
  }
  return source;
}
