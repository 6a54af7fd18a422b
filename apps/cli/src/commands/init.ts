import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classifyAddress } from '@jarvis-load/engine';
import { CliError, usageError } from '../cli-error.ts';
import { describeError } from '../describe-error.ts';
import { exitCode } from '../exit-codes.ts';
import { firstFiles, installCommand } from '../init/first-files.ts';
import { INIT_FLAGS, type InitSettings } from '../options/init-flags.ts';
import { urlProblem } from '../target/target-url.ts';
import { defineCommand, type CommandContext } from './command.ts';

function checkedTarget(text: string): string {
  if (text === 'mock') return text;
  const address = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const wrong = urlProblem(address);
  if (wrong !== undefined)
    throw usageError('target-url', `--target: ${wrong.problem}`, wrong.expected, wrong.next);
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  if (host !== 'localhost' && !host.endsWith('.localhost') && classifyAddress(host) !== 'loopback')
    throw usageError(
      'init-target',
      `--target: ${host} is not on this machine`,
      'mock, or an address such as http://localhost:3000',
      'begin with one of them; docs/guides/real-api.md says how another machine is allowed',
    );
  return address.replace(/\/+$/, '');
}

function checkedPath(text: string): string {
  if (/^\/[\w\-.~/%?=&+:@,;!$*()]*$/.test(text)) return text;
  throw usageError('init-path', `--path: "${text}" is no path`, 'a path such as /products');
}

/**
 * The answer of a flag, or of the person at a terminal, or the usual one. A person is asked again after an answer that `check`
 * refuses.
 *
 * @throws CliError of `check` for a flag, or of `ask` at the end of the input; Interrupted
 */
async function answerOf(
  given: string | undefined,
  question: string,
  usual: string,
  check: (text: string) => string,
  { ask, err, redactor }: CommandContext,
): Promise<string> {
  if (given !== undefined || ask === undefined) return check(given ?? usual);
  for (;;) {
    const answer = (await ask(`${question} [${usual}] `)).trim();
    try {
      return check(answer === '' ? usual : answer);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      err.write(`${redactor.text(describeError(error, false).text)}\n`);
    }
  }
}

/** `init`: writes a first test of one's own. It never writes over a file; the target is the mock or on this machine. */
export const init = defineCommand<InitSettings>({
  name: 'init',
  summary: 'Writes a first test of your own into this folder: load.ts, settings, package.json, tsconfig.json',
  flags: INIT_FLAGS,
  examples: [
    'npx jarvis-load init',
    'npx jarvis-load init --target=mock',
    'npx jarvis-load init --target=http://localhost:3000 --path=/products',
  ],
  async run(settings, context) {
    const { cwd, out } = context;
    const here = (name: string): boolean => existsSync(join(cwd, name));
    const taken = ['load.ts', 'jarvis-load.config.json', 'tsconfig.json'].filter(here);
    if (taken.length > 0)
      throw usageError(
        'init-exists',
        `${taken.join(' and ')} ${taken.length === 1 ? 'exists' : 'exist'} already; nothing was written`,
        'a folder without them',
        taken.includes('load.ts') ? 'npx jarvis-load load ./load.ts' : undefined,
      );
    const target = await answerOf(
      settings.target,
      'What is loaded: mock, or an address?',
      'mock',
      checkedTarget,
      context,
    );
    const path = await answerOf(
      settings.path,
      'Which path does the first test request?',
      target === 'mock' ? '/health' : '/',
      checkedPath,
      context,
    );
    const hadPackageFile = here('package.json');
    const files = firstFiles({ target, path }, hadPackageFile);
    for (const [name, text] of files) {
      // Fails if the file has appeared meanwhile.
      writeFileSync(join(cwd, name), text, { flag: 'wx' });
      out.write(`wrote ${name}\n`);
    }
    const command = hadPackageFile ? installCommand(cwd) : 'npm install';
    const install = command === undefined ? '' : `  ${command.padEnd(42)}  types in your editor\n`;
    out.write(
      `\nNext:\n${install}  npx jarvis-load load ./load.ts --once       one user, every request and answer shown\n  npx jarvis-load load ./load.ts              the load, and a verdict\n`,
    );
    return exitCode('pass');
  },
});
