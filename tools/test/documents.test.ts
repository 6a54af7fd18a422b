import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const notOurs = new Set(['node_modules', 'dist', 'results', 'coverage']);

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || notOurs.has(entry.name) ? [] : markdownFiles(path);
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Removes code blocks and code spans: brackets in them are not links. */
function prose(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, 'code');
}

/**
 * Targets of `[text](target)` and `![text](target)`. Only the closing part is matched, which also finds the outer link
 * of a badge.
 */
function linksOf(text: string): string[] {
  return [...prose(text).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map(([, target = '']) => target);
}

/** Anchors as GitHub derives them from headings. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6}\s+(.+)$/gm);
  return new Set(
    [...headings].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}

function deadLinks(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return linksOf(text).filter((link) => {
    if (/^[a-z][a-z\d+.-]*:/i.test(link)) return false;
    const [path = '', anchor] = link.split('#', 2);
    const target = path === '' ? file : join(dirname(file), decodeURIComponent(path));
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).has(anchor);
  });
}

const files = markdownFiles(root);

describe('the documents', () => {
  it.each(files.map((file) => relative(root, file).replaceAll('\\', '/')))('%s has no dead link', (file) => {
    expect(deadLinks(join(root, file))).toEqual([]);
  });

  it('are each reached from the README', () => {
    const reached = new Set([join(root, 'README.md')]);
    for (const file of reached) {
      for (const link of linksOf(readFileSync(file, 'utf8'))) {
        const target = join(dirname(file), link.split('#', 1)[0] ?? '');
        if (target.endsWith('.md') && existsSync(target)) reached.add(target);
      }
    }
    const docs = files.filter((file) => file.startsWith(join(root, 'docs')));
    expect(docs.filter((file) => !reached.has(file))).toEqual([]);
  });

  it('show the ten lines that a test runs', () => {
    const program = readFileSync(join(root, 'examples', 'ten-lines.ts'), 'utf8');
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(program);
  });
});
