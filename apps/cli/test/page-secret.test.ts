import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pageSecret } from '../src/live/page-secret.ts';

const HOUR_MS = 3_600_000;

let home: string;
let warnings: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'page-secret-'));
  warnings = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const path = (): string => join(home, 'jarvis-load', 'live-page-secret');
const read = (): string | undefined => pageSecret({ XDG_STATE_HOME: home }, (text) => warnings.push(text));

describe('the secret of the live page', () => {
  it('is the same at the next start, in a file that only its user can read', () => {
    const first = read();
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(read()).toBe(first);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'jarvis-load')).mode & 0o777).toBe(0o700);
    expect(warnings).toEqual([]);
  });

  it('is replaced when it was not used for twelve hours', () => {
    const first = read();
    const age = (hours: number): void => {
      const then = new Date(Date.now() - hours * HOUR_MS);
      utimesSync(path(), then, then);
    };
    age(11);
    expect(read()).toBe(first);
    age(13);
    expect(read()).not.toBe(first);
  });

  it('is not used, and the reason is said, when others can read it, when it is a link, or damaged', () => {
    read();
    chmodSync(path(), 0o644);
    expect(read()).toBeUndefined();
    rmSync(path());
    writeFileSync(join(home, 'elsewhere'), 'x'.repeat(43), { mode: 0o600 });
    symlinkSync(join(home, 'elsewhere'), path());
    expect(read()).toBeUndefined();
    rmSync(path());
    writeFileSync(path(), 'short', { mode: 0o600 });
    expect(read()).toBeUndefined();
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toContain('live-page-secret is not used');
  });

  it('is done without where there is no folder for it', () => {
    writeFileSync(join(home, 'file'), '');
    expect(pageSecret({ XDG_STATE_HOME: join(home, 'file') }, () => undefined)).toBeUndefined();
  });
});
