/**
 * Finds the words by the wording of the errors of the engine (`scenario "x": tasks[0] is`, `Did you mean`, `Known:`). Where an
 * error is worded otherwise, only its place in the file is lost.
 */

/** Names that say nothing of where they are: every scenario, task and operation has one. */
const COMMON = ['name', 'run'];

/** The names that a text between quotes is made of, the last one first; the last is often the telling one. */
function namesIn(text: string): readonly string[] {
  const last = text.split(/[.[\]]/).findLast((part) => /^[A-Za-z_$]/.test(part));
  return last === undefined || last === text ? [text] : [last, text];
}

/** The part of a scenario that an error is about, such as `tasks[0].weight`: the last name first. */
function partOf(problem: string): readonly string[] {
  const [, path] =
    /^(?:scenario ["'][^"']*["']: )?(?:has both )?([A-Za-z]\w*(?:\[\d+\]|\.\w+)*) (?:is|are|and|has) /.exec(
      problem,
    ) ?? [];
  if (path === undefined) return [];
  const names = path.split(/[.[\]\d]+/).filter((part) => part !== '');
  return names.length === 1 ? names : names.toReversed().filter((name) => !COMMON.includes(name));
}

/** A selector of a threshold as it may be written in the file: `metric{tag:value}` without the scenario that was added. */
function selectorOf(problem: string): readonly string[] {
  const [, metric, tags] =
    /^(?:scenario ["'][^"']*["']: )?thresholds? of (\w+)\{([^}]*)\}/.exec(problem) ?? [];
  if (metric === undefined || tags === undefined) return [];
  const own = tags.split(',').filter((tag) => !tag.startsWith('scenario:'));
  return own.length === 0 ? [metric] : [`${metric}{${own.join(',')}}`, metric];
}

/** The words by which the place of an error about values is found in the sources, most telling first. */
export function wordsOf(message: string): readonly string[] {
  const [problem = ''] = message.split(/ (?:Did you mean|Known:)/);
  const quoted = [...problem.matchAll(/["']([^"'\n]+)["']/g)].flatMap(([, text = '']) => namesIn(text));
  return [...selectorOf(problem), ...quoted, ...partOf(problem)];
}
