/** A check of a k6 summary; its name is preceded by the groups that it is in. */
export interface K6Check {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** Deeper groups are not looked into. */
const MOST_DEPTH = 20;

/**
 * Checks of `root_group`, or of `results` of the machine-readable form. Groups and checks are maps by name in an export,
 * lists in what handleSummary gets; the machine-readable form has one list without groups.
 */
export function summaryChecks(root: unknown): readonly K6Check[] {
  if (!isRecord(root)) return [];
  const { checks } = root;
  // The machine-readable form.
  if (isRecord(checks) && Array.isArray(checks['results'])) return checksIn(checks['results'], '');
  return ofGroup(root, '', 0);
}

function ofGroup(group: Record<string, unknown>, path: string, depth: number): readonly K6Check[] {
  const own = checksIn(group['checks'], path);
  if (depth >= MOST_DEPTH) return own;
  return [
    ...own,
    ...entriesOf(group['groups']).flatMap((each) =>
      isRecord(each) && typeof each['name'] === 'string'
        ? ofGroup(each, `${path}${each['name']}::`, depth + 1)
        : [],
    ),
  ];
}

function checksIn(checks: unknown, path: string): readonly K6Check[] {
  return entriesOf(checks).flatMap((check) => {
    if (!isRecord(check)) return [];
    const { name, passes, fails } = check;
    return typeof name === 'string' && isCount(passes) && isCount(fails)
      ? [{ name: `${path}${name}`, passes, fails }]
      : [];
  });
}

function entriesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
