import { describe, expect, it } from 'vitest';
import { ingest, point, request } from './support/k6-lines.ts';

const PLAIN = { method: 'GET', name: '/items', group: '', status: '200', expected_response: 'true' };
const GET = { ...PLAIN, scenario: 'browse' };

describe('names like ours', () => {
  it('a group of the default function named setup or teardown is load; k6 gives its own no scenario', async () => {
    const own = { ...PLAIN, group: '::setup' };
    const { totals, notes } = await ingest([
      ...request(100, 10, own, 0),
      ...request(200, 10, { ...GET, group: '::setup' }, 0),
      ...request(300, 10, { ...GET, group: '::teardown::bin' }, 0),
      ...request(400, 10, { ...PLAIN, group: '::setup the cart' }, 0),
      ...request(500, 10, { ...own, group: '::teardown::inner' }, 0),
    ]);
    expect(totals.requests).toBe(3);
    expect(notes.find(({ code }) => code === 'k6-setup')?.text).toMatch(/2 requests/);
    expect(notes.some(({ code }) => code === 'k6-no-scenario')).toBe(false);
  });

  it('without the system tag scenario they cannot be told apart, which is said', async () => {
    const { totals, notes } = await ingest([
      ...request(100, 10, { ...PLAIN, group: '::setup' }, 0),
      ...request(300, 10, PLAIN, 0),
      point('iterations', 400, 1, {}),
    ]);
    expect(totals.requests).toBe(1);
    const note = notes.find(({ code }) => code === 'k6-no-scenario');
    expect(note?.level).toBe('warning');
    expect(note?.text).toMatch(/: 1 requests in groups called setup or teardown/);
  });
});
