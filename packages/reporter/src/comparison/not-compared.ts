import type { Obstacle } from '@jarvis-load/compare';
import { escapeMarkdown } from '../escape/markdown.ts';
import { defuseWorkflowCommands } from '../escape/terminal.ts';

/** Reasons that are listed: a folder of runs may have as many as it has runs. */
const MOST_SHOWN = 5;

/** Runs that were not compared, and why. Texts are unescaped. */
export interface NotCompared {
  /** As the user named it; absent: neither side is the baseline of a run. */
  readonly baseline?: string;
  /** At least one. */
  readonly obstacles: readonly Obstacle[];
}

/** Why there is no comparison, in a sentence without full stop. */
export function notComparedSentence(notCompared: NotCompared): string {
  return `${headOf(notCompared)}: ${reasonsOf(notCompared).join('; ')}`;
}

/** The same in GitHub's Markdown, in the place of `renderComparisonMarkdown`. */
export function renderNotComparedMarkdown(notCompared: NotCompared): string {
  const lines = [
    `### ? Comparison: ${escapeMarkdown(headOf(notCompared))}`,
    '',
    ...reasonsOf(notCompared).map((text) => `- ${escapeMarkdown(text)}`),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}

function headOf({ baseline }: NotCompared): string {
  return baseline === undefined
    ? 'these runs cannot be compared'
    : `not compared with the baseline ${baseline}`;
}

function reasonsOf({ obstacles }: NotCompared): string[] {
  const texts = obstacles.slice(0, MOST_SHOWN).map(({ text }) => text);
  return obstacles.length > MOST_SHOWN ? [...texts, `and ${obstacles.length - MOST_SHOWN} more`] : texts;
}
