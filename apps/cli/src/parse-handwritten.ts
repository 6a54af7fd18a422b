import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

/** A file's value, or what is wrong with it and where. */
export type Handwritten =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

/**
 * Parses JSON that a person writes, such as the config file. Other than `JSON.parse` it refuses a key that an object has
 * twice, of which the first would have no effect, and names line and column. The text itself, which may hold a
 * password, is in no message, but for the name of such a key.
 */
export function parseHandwritten(text: string): Handwritten {
  const source = text.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { disallowComments: true });
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    const [first] = errors;
    return {
      problem:
        first === undefined
          ? 'it has a character that JSON does not allow'
          : `${sentence(printParseErrorCode(first.error))} in ${place(source, first.offset)}`,
    };
  }
  const twice = tree && repeatedKey(tree);
  if (twice !== undefined)
    return { problem: `"${String(twice.value)}" stands twice, again in ${place(source, twice.offset)}` };
  return { value };
}

/** The first key that its object has before, however deep. */
function repeatedKey({ type, children = [] }: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of children) {
    const [key] = child.children ?? [];
    if (type === 'object' && key !== undefined) {
      if (seen.has(key.value)) return key;
      seen.add(key.value);
    }
    const deeper = repeatedKey(child);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function place(source: string, offset: number): string {
  const before = source.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Turns `CloseBraceExpected` into `close brace expected`. */
function sentence(code: string): string {
  return code.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}
