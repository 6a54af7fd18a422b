import { escapeTerminal } from '../escape/terminal.ts';
import { shortened } from '../format/shortened.ts';

/** How GitHub shows an annotation. */
export type AnnotationLevel = (typeof LEVELS)[number];

const LEVELS = ['error', 'warning', 'notice'] as const;

/** GitHub shows ten annotations of a level and step. */
const MOST_ANNOTATIONS = 10;
/** Annotations are read in a list: longer ones are cut. */
const LONGEST = 500;

/** One message beside the log of a step. Texts are unescaped. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
}

/**
 * Annotations as workflow commands of GitHub Actions, at most ten of a level, of all groups together. Each group has its part of
 * these places; what one does not need goes to the others. The last one of a group counts those left out.
 */
export function workflowCommands(...groups: readonly (readonly Annotation[])[]): string[] {
  return LEVELS.flatMap((level) =>
    ofLevel(groups.map((group) => group.filter((each) => each.level === level))),
  );
}

function ofLevel(groups: readonly (readonly Annotation[])[]): string[] {
  const filled = groups.filter((group) => group.length > 0);
  const fitting = filled.length <= MOST_ANNOTATIONS ? filled : [filled.flat()];
  return placesOf(fitting.map((group) => group.length))
    .flatMap((places, index) => cut(fitting[index]!, places))
    .map(({ level, title, message }) => `::${level} title=${escapeProperty(title)}::${escapeData(message)}`);
}

/** Places of each group: the smallest first, so that what they leave is divided among the larger ones. */
function placesOf(sizes: readonly number[]): number[] {
  const places = sizes.map(() => 0);
  let left = MOST_ANNOTATIONS;
  const ascending = sizes.map((size, index) => ({ size, index })).toSorted((a, b) => a.size - b.size);
  ascending.forEach(({ size, index }, done) => {
    places[index] = Math.min(size, Math.floor(left / (ascending.length - done)));
    left -= places[index];
  });
  return places;
}

function cut(group: readonly Annotation[], places: number): readonly Annotation[] {
  if (group.length <= places) return group;
  const shown = group.slice(0, Math.max(1, places - 1));
  const hidden = group.length - shown.length;
  const [{ level, title, message }] = shown as [Annotation];
  return places < 2
    ? [{ level, title: `${title} (${hidden} more)`, message }]
    : [...shown, { level, title: `${hidden} more`, message: 'all are in the report' }];
}

function escapeData(text: string): string {
  return shortened(escapeTerminal(text), LONGEST).replaceAll('%', '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
