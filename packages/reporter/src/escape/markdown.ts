import { escapeTerminal } from './terminal.ts';

/**
 * Makes text of unknown origin safe in one line or table cell of Markdown: it is shown as written, without links, images,
 * mentions, emphasis or HTML.
 */
export function escapeMarkdown(text: string): string {
  return (
    escapeTerminal(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_{}[\]()#+!|~-]/g, '\\$&')
      // A zero-width space: GitHub mentions a person, links an address and an issue.
      .replace(/@(?=\w)/g, '@\u200b')
      .replace(/:\/\//g, ':\u200b//')
      .replace(/www\./gi, (start) => `${start.slice(0, 3)}\u200b.`)
  );
}
