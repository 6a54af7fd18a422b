/** Which names k6 takes: others end it before it starts. */

const SCENARIO = /^[0-9a-zA-Z_-]+$/;
const METRIC = /^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/;

/** Whether k6 takes it as the name of a metric. */
export function isMetricNameInK6(name: string): boolean {
  return METRIC.test(name);
}

/**
 * The name that each scenario has in k6: its own where k6 takes it, otherwise with `-` in place of other characters. No two are
 * equal, and none is the own name of another.
 *
 * @example scenarioNamesInK6(['home page', 'home/page']) // 'home-page', 'home-page-2'
 */
export function scenarioNamesInK6(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter((name) => SCENARIO.test(name)));
  return new Map(
    names.map((name) => {
      if (SCENARIO.test(name)) return [name, name];
      const base = name.replace(/[^0-9a-zA-Z_-]+/g, '-').replace(/^-+|-+$/g, '') || 'scenario';
      let free = base;
      for (let count = 2; taken.has(free); count++) free = `${base}-${count}`;
      taken.add(free);
      return [name, free];
    }),
  );
}
