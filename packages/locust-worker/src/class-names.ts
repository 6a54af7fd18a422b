/**
 * The Locust user class that stands for a scenario: `chat-user` is `ChatUser`. The master's file has these names, and
 * its `spawn` messages count users by them.
 */
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
