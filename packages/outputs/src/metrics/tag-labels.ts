import type { RunInfo } from '@jarvis-load/engine';
import { validName } from './family.ts';

/** The tag in which requests have their group: no scenario can define it, but a run may have one of this name. */
const GROUP = 'group';

/**
 * Names that tags get in an output, where fewer characters are allowed and some names are ours: `my team` is `my_team`, `scenario` is
 * `tag_scenario`. Two tags never share a name: `a.b` beside `a-b` is `a_b_2`. One object per run and output, as the number depends on
 * the order: tags of the run, then those that scenarios declare, then others as they come; valid names first.
 */
export class TagLabels {
  readonly #isTaken: (name: string) => boolean;
  readonly #byTag = new Map<string, string>();
  readonly #used = new Set<string>();

  /** @param isTaken whether a series has a label of its own with this name */
  constructor(run: RunInfo, isTaken: (name: string) => boolean) {
    this.#isTaken = (name) => name === GROUP || isTaken(name);
    const tags = [...Object.keys(run.tags), ...run.scenarios.flatMap(({ requestTags = [] }) => requestTags)];
    for (const tag of tags) if (validName(tag) === tag) this.#of(tag);
    for (const tag of tags) this.#of(tag);
  }

  /** Tags of the run by their names here. */
  ofRun(tags: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [this.#of(tag), value]));
  }

  /** Tags of a request, its group among them. One that the run has too gets the same name. */
  ofRequest({ [GROUP]: group, ...tags }: Readonly<Record<string, string>>): Record<string, string> {
    return { ...this.ofRun(tags), ...(group === undefined ? {} : { [GROUP]: group }) };
  }

  #of(tag: string): string {
    let label = this.#byTag.get(tag);
    if (label === undefined) {
      const valid = validName(tag);
      const base = this.#isTaken(valid) ? `tag_${valid}` : valid;
      label = base;
      for (let number = 2; this.#used.has(label); number++) label = `${base}_${number}`;
      this.#used.add(label);
      this.#byTag.set(tag, label);
    }
    return label;
  }
}
