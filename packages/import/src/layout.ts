/**
 * Source text that is broken over lines where it is too long for one: a text, or a bracket with items. Nothing is escaped here:
 * foreign text has passed `source-text.ts`.
 */
export type Source =
  | string
  | {
      /** Such as `{ headers: {`; without a space at its end. */
      readonly open: string;
      readonly items: readonly Source[];
      /** Such as `}`. */
      readonly close: string;
      /** Between the brackets and the items when all is on one line. */
      readonly pad: '' | ' ';
    };

const WIDTH = 110;

/** An object literal of these members. @param before text in front of the bracket */
export function braces(items: readonly Source[], before = ''): Source {
  return items.length === 0 ? `${before}{}` : { open: `${before}{`, items, close: '}', pad: ' ' };
}

/** A list literal of these items. @param before text in front of the bracket */
export function brackets(items: readonly Source[], before = ''): Source {
  return items.length === 0 ? `${before}[]` : { open: `${before}[`, items, close: ']', pad: '' };
}

/** The arguments of a call; a last one in brackets stays on the line of the call. */
export function call(before: string, items: readonly Source[], after = ''): Source {
  const last = items.at(-1);
  if (last !== undefined && typeof last !== 'string') {
    const texts = items.slice(0, -1).map(flat);
    return {
      ...last,
      open: `${before}(${[...texts, last.open].join(', ')}`,
      close: `${last.close})${after}`,
    };
  }
  return `${before}(${items.map(flat).join(', ')})${after}`;
}

/** The same with text before and after it. */
export function around(before: string, source: Source, after = ''): Source {
  return typeof source === 'string'
    ? `${before}${source}${after}`
    : { ...source, open: `${before}${source.open}`, close: `${source.close}${after}` };
}

function flat(source: Source): string {
  if (typeof source === 'string') return source;
  const { open, items, close, pad } = source;
  return `${open}${pad}${items.map(flat).join(', ')}${pad}${close}`;
}

/** The lines of the source. @param indent number of spaces */
export function layOut(source: Source, indent: number): string {
  const room = ' '.repeat(indent);
  const line = flat(source);
  if (typeof source === 'string' || indent + line.length <= WIDTH) return `${room}${line}`;
  const { open, items, close } = source;
  const inner = items.map((item) => `${layOut(item, indent + 2)},\n`).join('');
  return `${room}${open}\n${inner}${room}${close}`;
}
