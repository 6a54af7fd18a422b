import type { PackageRule } from './rules.ts';

/**
 * What a package may import, as the table of docs/architecture.md says it: packages separated by semicolons; of one that
 * may be imported in part, its entries (`types`: the types of its main entry).
 */
export function describeGrants({ mayImport }: Pick<PackageRule, 'mayImport'>): string {
  if (mayImport.length === 0) return 'nothing of ours';
  const partsOf = new Map<string, string[]>();
  for (const { from, access, except = [] } of mayImport) {
    const [name, entry] = split(from);
    const parts = partsOf.get(name) ?? [];
    partsOf.set(name, parts);
    if (access === 'types') parts.push(entry === undefined ? 'types' : `types of \`${entry}\``);
    else if (entry !== undefined) parts.push(`\`${entry}\``);
    else if (except.length > 0) {
      parts.push(`all but ${except.map((each) => `\`${split(each)[1]!}\``).join(', ')}`);
    }
  }
  return [...partsOf]
    .map(([name, parts]) => (parts.length === 0 ? name : `${name}: ${parts.join(', ')}`))
    .join('; ');
}

/** `@jarvis-load/engine/result` is `engine` and `./result`. */
function split(from: string): [name: string, entry: string | undefined] {
  const [, name = '', entry] = from.split('/');
  return [name, entry === undefined ? undefined : `./${entry}`];
}
