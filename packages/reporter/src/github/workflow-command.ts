import { escapeTerminal } from '../escape/terminal.ts';
import { shortened } from '../format/shortened.ts';

/** How GitHub shows an annotation. */
export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** GitHub shows ten annotations of a level and step. Counted per call: the annotations of two calls may be more. */
const MOST_ANNOTATIONS = 10;
/** Annotations are read in a list: longer ones are cut. */
const LONGEST = 500;

/** One message beside the log of a step. Texts are unescaped. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
}

/** Annotations as workflow commands of GitHub Actions, at most ten: the last one counts those left out. */
export function workflowCommands(annotations: readonly Annotation[]): string[] {
  const hidden = annotations.length - MOST_ANNOTATIONS + 1;
  const shown: readonly Annotation[] =
    annotations.length <= MOST_ANNOTATIONS
      ? annotations
      : [
          ...annotations.slice(0, MOST_ANNOTATIONS - 1),
          { level: annotations[0]!.level, title: `${hidden} more`, message: 'all are in the report' },
        ];
  return shown.map(
    ({ level, title, message }) => `::${level} title=${escapeProperty(title)}::${escapeData(message)}`,
  );
}

function escapeData(text: string): string {
  return shortened(escapeTerminal(text), LONGEST).replaceAll('%', '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
