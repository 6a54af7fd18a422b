import type { Imported, WrittenTest } from '@jarvis-load/import';
import { classifyAddress } from '@jarvis-load/engine';
import { clean } from '../output/clean-text.ts';
import { quoteForShell } from '../secrets/command-line.ts';

const MOST_LISTED = 12;

/** What `import` says about the file that it wrote. */
export interface ImportSummary {
  /** The file as the person named it. */
  readonly file: string;
  readonly written: WrittenTest;
  readonly imported: Imported;
  /** Files that the test sends and that are not there. */
  readonly missing: readonly string[];
}

/** What was written, what was left out and why, and the next command. */
export function importSummary({ file, written, imported, missing }: ImportSummary): string {
  const { scenarios, requests, operations, secrets } = written;
  const lines = [
    `wrote ${file}: ${counted(requests, 'request')} as ${counted(operations, 'operation')}, ${counted(scenarios.length, 'scenario')}`,
  ];
  for (const { reason, requests: count, what } of imported.leftOut) {
    const shown = what.slice(0, MOST_LISTED).map((each) => `  ${clean(each).slice(0, 120)}`);
    const more = what.length - shown.length;
    lines.push(
      '',
      `left out: ${count} x ${clean(reason)}`,
      ...shown,
      ...(more > 0 ? [`  and ${more} more`] : []),
    );
  }
  if (secrets.length > 0) {
    lines.push('', 'secrets, which are read from the environment and are not in the file:');
    for (const { name, of } of secrets) lines.push(`  ${name}  ${clean(of)}`);
  }
  if (imported.notes.length + missing.length > 0) {
    lines.push('', ...imported.notes.map((note) => `note: ${clean(note)}`));
    for (const path of missing) lines.push(`note: the test sends ${clean(path)}, which is not there`);
  }
  const from = file.startsWith('.') || file.startsWith('/') ? file : `./${file}`;
  const cookies = imported.usesCookies === true ? ' --cookies' : '';
  lines.push(
    '',
    'Next:',
    `  npx jarvis-load load ${quoteForShell(from)} --once${cookies} --target=${targetOf(imported.origin)}`,
    ...(isHere(imported.origin) || imported.origin === ''
      ? []
      : [`  ${imported.origin} is not on this machine: docs/guides/real-api.md says how it is allowed`]),
  );
  return `${lines.join('\n')}\n`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function isHere(origin: string): boolean {
  if (origin === '') return false;
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || classifyAddress(host) === 'loopback';
}

function targetOf(origin: string): string {
  return isHere(origin) ? origin : 'http://localhost:3000';
}
