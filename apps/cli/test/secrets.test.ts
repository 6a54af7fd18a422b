import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMock } from '@jarvis-load/mock-jarvis';
import { afterEach, describe, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers.ts';
import { Workspace } from './support/cli.ts';
import { echoInFrontOf, formsOf } from './support/echo-proxy.ts';

const PASSWORD = 'p<a>s "w&rd/4711';
const KEY = 'key-0815/abc==';
const k6 = requirePeer('k6');

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** All output of the command: its streams and each report. */
async function left(command: string, flags: readonly string[]) {
  const mock = await startMock({ preset: 'fast' });
  closing.push(() => mock.close());
  const target = await echoInFrontOf(mock.url, [PASSWORD, KEY]);
  closing.push(() => target.close());
  const workspace = new Workspace();
  closing.push(() => workspace.remove());
  const ended = await workspace.run(
    [command, ...flags, `--target=${target.url}`, `--header=X-Api-Key: ${KEY}`],
    { JARVIS_USERNAME: 'admin', JARVIS_PASSWORD: PASSWORD },
  );
  const texts = new Map([
    ['stdout', ended.out],
    ['stderr', ended.err],
  ]);
  for (const entry of readdirSync(workspace.directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) texts.set(entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  return { texts, issued: [...target.issued.keys()], ended };
}

function expectNone(texts: ReadonlyMap<string, string>, secrets: readonly string[]): void {
  for (const [name, text] of texts)
    for (const form of secrets.flatMap(formsOf))
      expect(text.includes(form), `${name} holds ${form}`).toBe(false);
}

describe('a target that repeats every secret in every form', () => {
  it('leaves none in the reports of a run', async () => {
    const { texts, issued, ended } = await left('load', [
      '--scenario=chat',
      '--users=2',
      '--duration=2s',
      '--format=html,csv,junit,json',
    ]);
    expect(issued.length, ended.err).toBeGreaterThan(0);
    expect([...texts.keys()]).toEqual(expect.arrayContaining(['result.json', 'report.html', 'junit.xml']));
    expect(texts.get('result.json')).toContain('***');
    expectNone(texts, [PASSWORD, KEY, ...issued]);
  });

  it('leaves none in the exchanges of --once', async () => {
    const { texts, issued, ended } = await left('load', ['--scenario=chat', '--once']);
    expect(issued.length, ended.err).toBeGreaterThan(0);
    expect(texts.get('stdout')).toContain('***');
    expectNone(texts, [PASSWORD, KEY, ...issued]);
  });

  it('leaves none in what probe shows', async () => {
    const { texts, issued } = await left('probe', []);
    expect(issued.length).toBeGreaterThan(0);
    expectNone(texts, [PASSWORD, KEY, ...issued]);
  });

  it.skipIf(k6 === undefined)(
    'leaves none in the reports of a run of k6',
    async () => {
      const { texts, issued, ended } = await left('k6', [
        'chat',
        '--address',
        'localhost:0',
        '--vus=2',
        '--iterations=4',
      ]);
      expect(issued.length, ended.err).toBeGreaterThan(0);
      expect([...texts.keys()]).toContain('result.json');
      expectNone(texts, [PASSWORD, KEY, ...issued]);
    },
    60_000,
  );
});
