import { createHash } from 'node:crypto';

/**
 * The Content-Security-Policy of a page with one inline style, at most one inline script, and no network requests. Both are
 * allowed by their hash: the template inserts exactly these texts (`<%- %>`), or the browser ignores them.
 */
export function contentPolicy(style: string, script?: string): string {
  return [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src '${sha256(script)}'`]),
    `style-src '${sha256(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Source expression of CSP level 2 for an inline element with exactly this text. */
function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
