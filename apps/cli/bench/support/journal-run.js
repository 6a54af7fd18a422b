/** One run of 12 operations at a rate, with or without a journal: its pacer lag and the size of the journal as JSON on stdout. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor, runLoad } from '@jarvis-load/engine';
import { JOURNAL_NAME } from '../../dist/results/journal-format.js';
import { Journal } from '../../dist/results/journal.js';

const [baseUrl = '', rate = '', duration = '', journal = ''] = process.argv.slice(2);
const OPERATIONS = Array.from({ length: 12 }, (_, index) => `chat.send-${index + 1}`);

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-journal-'));
try {
  const { health, run } = await runLoad({
    baseUrl,
    circuitBreaker: false,
    outputs: journal === '' ? [] : [new Journal(folder, new Redactor(['a-password']))],
    scenarios: [
      {
        name: 'chat',
        operations: OPERATIONS.map((name) => ({ name, method: 'POST', route: '/api/chat' })),
        executor: {
          kind: 'constant-arrival-rate',
          rate: Number(rate),
          duration,
          preAllocatedVUs: 50,
          maxVUs: 500,
        },
        async run(user) {
          const operation = OPERATIONS[user.iteration % OPERATIONS.length] ?? '';
          const response = await user.request({ operation, path: '/api/chat', json: { content: 'Hello' } });
          user.check(response, { 'status is 200': ({ status }) => status === 200 });
        },
      },
    ],
  });
  const bytes = journal === '' ? 0 : statSync(join(folder, run.id, JOURNAL_NAME)).size;
  process.stdout.write(JSON.stringify({ lagMs: health.pacerLag.percentiles.p99, bytes }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
