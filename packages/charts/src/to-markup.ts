/* oxlint-disable no-control-regex -- control characters are not allowed in markup */
import type { SvgNode } from './svg-node.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Control characters but tab and line feed, bidirectional controls, invisible characters and lone surrogates: shown as a replacement. */
const UNPRINTABLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/**
 * A node as markup for HTML or an SVG document. Escapes all text and attribute values, and nothing else: tags and names of
 * attributes are constants of this package.
 */
export function toMarkup(node: SvgNode | string): string {
  if (typeof node === 'string') return escape(node);
  const attributes = Object.entries(node.attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
    .join('');
  const inner = node.children.map(toMarkup).join('');
  return inner === '' ? `<${node.tag}${attributes}/>` : `<${node.tag}${attributes}>${inner}</${node.tag}>`;
}

function escape(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
