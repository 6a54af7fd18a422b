import { h, type VNode } from 'preact';
import type { SvgNode } from '@jarvis-load/charts';

/** A drawn chart as elements of the page. The view library escapes text and attributes. */
export function toElement(node: SvgNode): VNode {
  return h(
    node.tag,
    node.attributes,
    node.children.map((child) => (typeof child === 'string' ? child : toElement(child))),
  );
}
