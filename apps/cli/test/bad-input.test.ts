import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace();
  writeFileSync(join(workspace.directory, 'broken.json'), '{"users": 5,}');
  writeFileSync(join(workspace.directory, 'unknown.json'), '{"user": 5}');
  writeFileSync(join(workspace.directory, 'file'), '');
});
afterAll(() => workspace.remove());

/** Arguments, what the error must name, and what it must suggest. */
const TABLE: readonly (readonly [string, RegExp, RegExp])[] = [
  ['load --usrs=5', /--usrs/, /did you mean --users\?/],
  ['load --workers=2', /--workers/, /--help/],
  ['lod', /"lod"/, /did you mean load\?/],
  ['', /no command/, /one of load, /],
  ['load extra', /extra: there is no such file/, /jarvis-load init/],
  ['mock extra', /too many arguments/, /--help/],
  ['load --target=mock --scenario=chat-usr', /chat-usr/, /did you mean chat-user\?/],
  ['load --target=mock --set mock.preset=degrated', /degrated/, /degraded/],
  ['load --target=mock --set mock.latency.chat.sned=5', /latency\.chat\.sned/, /chat\.send/],
  ['load --target=mock --set langage=fr', /langage/, /did you mean language\?/],
  ['load --target=mock --set colour', /--set/, /<name=value>/],
  ['load --target=mock --profile=lode', /lode/, /load/],
  ['load --target=mock --stages=30s', /"30s"/, /30s:10,1m:50/],
  ['load --target=mock --stages=30s:-5', /"-5"/, /30s:10,1m:50/],
  ['load --target=mock --users=-5', /--users: "-5"/, /a whole number, at least 1/],
  ['load --target=mock --users', /--users/, /--help/],
  ['load --target=mock --rate=0', /--rate: "0"/, /greater than 0/],
  ['load --target=mock --duration=5x', /5x/, /30s, 1m30s/],
  ['load --target=mock --stages=5s:1 --rate=5', /--stages and --rate/, /one of them/],
  ['load --target=mock --max-vus=5', /--max-vus/, /--rate/],
  ['load --target=mock --spawn-rate=5', /--spawn-rate/, /--users/],
  ['load --target=mock --users=100 --spawn-rate=1 --duration=10s', /100 users/, /raise --spawn-rate/],
  ['load --target=mock --threshold=p(95)<', /p\(95\)</, /p\(95\)<500/],
  ['load --target=mock --threshold=nonsense:p(95)<5', /nonsense/, /http_req_duration/],
  ['load --target=mock --config=broken.json', /broken\.json is not valid JSON/, /config\.schema\.json/],
  ['load --target=mock --config=unknown.json', /unknown key "user"/, /did you mean users\?/],
  ['load --target=mock --config=missing.json', /missing\.json/, /--config/],
  ['load --target=mock --accounts=missing.csv', /missing\.csv/, /username and password/],
  ['load --target=mock --report-dir=file/below', /file\/below/, /--report-dir/],
  ['load --target=mock --report-dir=/proc/nowhere', /\/proc\/nowhere/, /--report-dir/],
  ['ui --ui-port=0 --profile=nope', /--profile: unknown profile "nope"/, /jarvis-load profiles/],
  ['worker --target=mock --profile=nope', /--profile: unknown profile "nope"/, /jarvis-load profiles/],
  ['load --target=mok', /"mok"/, /did you mean mock\?/],
  ['load --target=127.0.0.1:8100', /127\.0\.0\.1:8100/, /did you mean http:\/\/127\.0\.0\.1:8100\?/],
  ['load --set mock.preset=fast', /mock\.preset/, /--target=mock/],
  ['mock --port=99999', /99999/, /at most 65535/],
  ['mock --host=0.0.0.0', /0\.0\.0\.0/, /127\.0\.0\.1/],
  ['mock --set preset=slow', /slow/, /typical/],
  ['report nowhere', /nowhere/, /results\/latest/],
  ['report broken.json', /broken\.json/, /result document/],
];

describe('bad input', () => {
  it.concurrent.each(TABLE)(
    '"%s" is one error that names it and says what to do: exit 2',
    async (line, problem, help) => {
      const { code, out, err } = await workspace.run(line === '' ? [] : line.split(' '));
      expect(code, err).toBe(2);
      expect(err.match(/^error: /gm)).toHaveLength(1);
      expect(err).toMatch(problem);
      expect(err).toMatch(help);
      expect(err).not.toMatch(/^\s+at /m);
      expect(out).toBe('');
    },
  );

  it('in a variable of the environment names the variable', async () => {
    const { code, err } = await workspace.run(['load', '--target=mock'], { USERS: 'many' });
    expect(code).toBe(2);
    expect(err).toMatch(/USERS \(environment\): "many"/);
  });

  it('shows its stack trace with --debug only', async () => {
    const { code, err } = await workspace.run(['load', '--users=x', '--debug']);
    expect(code).toBe(2);
    expect(err).toMatch(/^\s+at /m);
  });

  it('of a port in use names the port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, err } = await workspace.run(['mock', `--port=${port}`]);
    server.close();
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^error: Port ${port} .* in use`));
  });

  it.skipIf(process.getuid?.() === 0)('of a directory without permission names the directory', async () => {
    chmodSync(workspace.directory, 0o500);
    const { code, err } = await workspace.run(['load', '--target=mock']);
    chmodSync(workspace.directory, 0o700);
    expect(code).toBe(2);
    expect(err).toMatch(/results cannot be written/);
  });

  it('leaves no results behind', () => {
    expect(workspace.files('results')).toEqual([]);
  });
});
