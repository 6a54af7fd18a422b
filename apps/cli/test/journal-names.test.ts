import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Redactor, runLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { JOURNAL_NAME, JournalDecoder } from '../src/results/journal-format.ts';
import { readJournal } from '../src/results/read-journal.ts';
import { journalHere } from './support/journal-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-names-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Passwords of a test system: parts of a scenario, an operation, an outcome, a code, a kind of end. */
const SECRETS = ['chat', 'refresh', 'server', 'http', 'complete', 'first'];

it('a journal is read where names look like secrets, or a secret is part of a name', async () => {
  const clock = new VirtualClock();
  const target = new ScriptedTarget(clock, ({ number }) => ({
    afterMs: 20,
    status: number % 5 === 4 ? 500 : 200,
    body: 'the password is refresh',
  }));
  const result = await clock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock,
      transport: target,
      runId: 'r1',
      seed: 1,
      outputs: [journalHere(folder, SECRETS)],
      describe: {
        config: { name: 'has refresh' },
        notes: [{ level: 'info', code: 'a', text: 'has refresh' }],
      },
      tags: { label: 'has refresh' },
      scenarios: [
        {
          name: 'chat',
          operations: [{ name: 'refresh_token', method: 'GET', route: '/' }],
          metrics: [{ name: 'time_to_first_token', kind: 'trend', unit: 'ms' }],
          run: async (user) => {
            const response = await user.request({ operation: 'refresh_token', path: '/' });
            user.record('time_to_first_token', 7);
            user.check(response, { 'has refresh': () => true });
            if (user.iteration === 3) throw new Error('has refresh');
          },
          executor: { kind: 'constant-arrival-rate', rate: 20, duration: '3s', maxVUs: 5 },
          demand: { iterationSeconds: 1, requests: { refresh_token: 1 } },
          thresholds: { time_to_first_token: ['p(95)<10'] },
        },
      ],
      objectives: [{ operation: 'refresh_token', p95Ms: 100 }],
    }),
  );
  const path = join(folder, 'r1', JOURNAL_NAME);
  const again = await readJournal(path, 'it', Date.now() + 3_600_000);
  const redactor = new Redactor(SECRETS);
  expect(redactor.result(again)).toEqual(redactor.result(result));
  expect(again.thresholds).toHaveLength(1);
  expect(again.thresholds[0]).toMatchObject({ metric: 'time_to_first_token{scenario:chat}', status: 'pass' });
  expect(again.errors[0]).toMatchObject({ scenario: 'chat', outcome: 'server_error', code: 'http_500' });
  expect(again.exceptions[0]?.message).toBe('Error: has ***');
  const decoder = new JournalDecoder();
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const texts = [JSON.stringify(again), ...lines.map((line) => decoder.read(line)!.text)];
  for (const text of texts) expect(text).not.toMatch(/(has|is) refresh/);
});
