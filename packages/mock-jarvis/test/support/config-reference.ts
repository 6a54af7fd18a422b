import { DEFAULT_SETTINGS } from '../../src/config/presets.ts';
import { FAULT_KINDS, MockConfigSchema } from '../../src/config/schema.ts';
import { choicesOf, isNullable, isVariant, propertiesOf, withoutNull } from '../../src/config/schema-node.ts';
import type { SchemaNode } from '../../src/config/schema-node.ts';
import { MOCK_OPERATIONS } from '../../src/operations.ts';

const KINDS: ReadonlySet<string> = new Set(FAULT_KINDS);
const OPERATIONS: ReadonlySet<string> = new Set(MOCK_OPERATIONS);

function typeOf(key: string, node: SchemaNode): string {
  if (isNullable(node)) return `${typeOf(key, withoutNull(node))} or none`;
  if (node === undefined || isVariant(node)) {
    return node?.shorthand === 'tokens' ? 'length model' : 'latency model';
  }
  const choices = choicesOf(node);
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(' ');
  if (node.type === 'array') return 'list';
  if (node.type === 'string') return 'text';
  if (node.type === 'boolean') return 'true, false';
  if (key.endsWith('Ms')) return 'duration';
  return node.maximum === 1 ? 'share' : node.type === 'integer' ? 'whole number' : (node.type ?? '');
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((one) => `\`${String(one)}\``).join(' ');
  if (typeof value === 'object') {
    const { kind, ...rest } = value as Record<string, unknown>;
    return `${String(kind)} ${Object.entries(rest)
      .map(([key, number]) => `${key} ${String(number)}`)
      .join(', ')}`;
  }
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** Rows of a Markdown table: key, value, default, meaning. All operations share one row. */
function rows(node: SchemaNode, value: unknown, path: string): string[] {
  const lines: string[] = [];
  for (const [key, child] of Object.entries(propertiesOf(node) ?? {})) {
    const own = (value as Record<string, unknown> | undefined)?.[key];
    if (OPERATIONS.has(key)) {
      if (key === MOCK_OPERATIONS[0]) {
        const meaning = path === 'latency' ? 'Of this operation alone' : child.description;
        lines.push(
          `| \`${path}.<operation>\` | ${typeOf(key, child)} | ${path === 'latency' ? 'see above' : 'none'} | ${meaning ?? ''} |`,
        );
      }
      continue;
    }
    if (KINDS.has(key) && path === 'faults') {
      const isFirst = key === FAULT_KINDS[0];
      const shared = rows(child, own, 'faults.<kind>');
      lines.push(
        ...shared
          .filter((line) => isFirst !== /status|spreadMs|pauseMs|delayMs/.test(line))
          .map((line) => (isFirst ? line : line.replace('<kind>', key))),
      );
      if (isFirst)
        lines.push(
          ...shared.filter((line) => line.includes('status')).map((line) => line.replace('<kind>', key)),
        );
      continue;
    }
    const full = path === '' ? key : `${path}.${key}`;
    const below = propertiesOf(child);
    if (below !== undefined && !isVariant(child)) lines.push(...rows(child, own, full));
    else lines.push(`| \`${full}\` | ${typeOf(key, child)} | ${show(own)} | ${child.description ?? ''} |`);
  }
  return lines;
}

/** Reference of all settings, from the schema and the defaults. */
export function configReference(): string {
  const head = ['| key | value | default | meaning |', '|---|---|---|---|'];
  return [...head, ...rows(MockConfigSchema, DEFAULT_SETTINGS, '')].join('\n');
}
