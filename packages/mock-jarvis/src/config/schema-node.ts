/** The parts of a TypeBox JSON Schema node that the settings parser reads. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  /** Property that a bare value is assigned to. */
  readonly shorthand?: string;
}

/** The properties below a node: of an object, or of all objects of a union. */
export function propertiesOf(node: SchemaNode): Readonly<Record<string, SchemaNode>> | undefined {
  if (node.properties !== undefined) return node.properties;
  const members = (node.anyOf ?? []).filter((member) => member.properties !== undefined);
  if (members.length === 0) return undefined;
  const kinds = { anyOf: members.map((member) => member.properties!['kind']!) };
  return { ...Object.assign({}, ...members.map((member) => member.properties)), kind: kinds };
}

/** Whether the node is a union of objects distinguished by `kind`. */
export const isVariant = (node: SchemaNode): boolean => node.anyOf?.[0]?.properties !== undefined;

/** Whether `null` is allowed. */
export const isNullable = (node: SchemaNode): boolean =>
  node.anyOf?.some((member) => member.type === 'null') ?? false;

/** The node without its `null`. */
export const withoutNull = (node: SchemaNode): SchemaNode =>
  isNullable(node) ? node.anyOf!.find((member) => member.type !== 'null')! : node;

/** The allowed strings of an enum, a literal or a union of literals. */
export function choicesOf(node: SchemaNode): readonly string[] | undefined {
  if (node.enum !== undefined) return node.enum;
  if (node.const !== undefined) return [node.const];
  return node.anyOf?.every((member) => member.const !== undefined)
    ? node.anyOf.map((member) => member.const!)
    : undefined;
}
