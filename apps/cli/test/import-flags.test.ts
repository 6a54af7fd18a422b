import { afterEach, beforeEach, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

it('import reads no variable of `load`, and its command line precedes the variables', async () => {
  const line = 'curl http://127.0.0.1:1/orders/7';
  const environment = { JARVIS_LOAD_OUT: 'prometheus=:9464', JARVIS_LOAD_HAR: 'a.har' };
  const { err, out } = await workspace.run(['import', '--curl', line], environment);
  expect(err).toBe('');
  expect(out).toContain('wrote load.ts');
  const alone = await workspace.run(['import', '--curl', line, '--host=a.test', '--out=c.ts']);
  expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('--host needs a recording')]);
});
