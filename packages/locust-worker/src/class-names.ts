/*
 * Locust user classes that stand for scenarios: `chat-user` is `ChatUser`. The master's file has these names, and its `spawn`
 * messages count users by them. Must hold: the file and every worker make the names from the same scenarios in the same order,
 * since a number that tells two apart depends on it. A class that a worker does not know counts for all of its scenarios.
 */

/** Valid in Python, but not unique. */
function className(scenario: string): string {
  const words = scenario.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  const ascii = name.replaceAll(/[^A-Za-z0-9]/g, '_');
  return /^[A-Za-z]/.test(ascii) ? ascii : `Scenario${ascii}`;
}

/** Names that the locustfile imports, and Python's own words that a class cannot have. */
const OF_THE_FILE = ['HttpUser', 'MasterRunner', 'False', 'None', 'True'];

/** Classes of scenarios: a class name that two would have gets a number. */
export function classNames(scenarios: readonly string[]): ReadonlyMap<string, string> {
  const classes = new Map<string, string>();
  const taken = new Set(OF_THE_FILE);
  for (const scenario of scenarios) {
    const plain = className(scenario);
    let name = plain;
    for (let k = 2; taken.has(name); k++) name = `${plain}${k}`;
    taken.add(name);
    classes.set(scenario, name);
  }
  return classes;
}
