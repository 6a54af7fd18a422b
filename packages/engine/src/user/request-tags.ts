import { didYouMean } from '../did-you-mean.ts';
import type { CompiledOperation, CompiledScenario } from '../model/compiled-run.ts';
import type { RequestSpec, Tags } from '../model/scenario.ts';
import { show } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';

/**
 * The request with its tags checked and the tag of its group.
 * @param group path of the group; empty: none
 * @throws RequestProblem
 */
export function withTags(
  spec: RequestSpec,
  { operation }: CompiledOperation,
  { definition }: CompiledScenario,
  group: string,
): RequestSpec {
  const { tags } = spec;
  if (tags !== undefined) {
    checkRequestTags(tags, definition.requestTags ?? [], { ...definition.tags, ...operation.tags });
  }
  return group === '' ? spec : { ...spec, tags: { ...tags, group } };
}

/**
 * Checks the tags of one request.
 * @param declared names that requests may use
 * @param taken tags of its operation and scenario
 * @throws RequestProblem
 */
function checkRequestTags(tags: Tags, declared: readonly string[], taken: Tags): void {
  if (typeof tags !== 'object' || (tags as unknown) === null || Array.isArray(tags)) {
    throw new RequestProblem(`has tags ${show(tags)}; expected an object such as { page: 'cart' }`);
  }
  for (const name in tags) {
    const value: unknown = tags[name];
    if (!declared.includes(name)) {
      throw new RequestProblem(
        `has tag ${show(name)}, which the scenario does not declare.${didYouMean(name, declared)} ` +
          `Declared: ${declared.join(', ') || 'none'}. Declare it: requestTags: [${show(name)}]`,
      );
    }
    if (typeof value !== 'string') {
      throw new RequestProblem(`has tag ${name} ${show(value)}; expected a string`);
    }
    if (Object.hasOwn(taken, name)) {
      throw new RequestProblem(
        `has tag ${name}, which its operation or scenario has already (${show(taken[name])}); expected it in one place`,
      );
    }
  }
}
