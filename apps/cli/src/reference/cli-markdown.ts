import type { CommandEntry } from '../commands/command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { spellings } from '../help/describe-flag.ts';
import { environmentNames, flagName, type AnyFlagTable } from '../options/flag.ts';

/** A test checks it against the schema of the config file. */
const CONFIG_EXAMPLE = {
  $schema: './docs/reference/config.schema.json',
  scenario: ['chat-user', 'memory'],
  threshold: { http_req_failed: 'rate<0.01', 'http_req_duration{operation:chat.send}': ['p(95)<300'] },
  targets: {
    staging: {
      url: 'https://staging.example.org',
      maxUsers: 50,
      maxRate: 100,
      maxDuration: '10m',
      owner: 'API team',
      expiry: '2026-12-31',
      limits: [{ name: 'chat', operations: ['chat.send'], requests: 60, window: '1m', per: 'token' }],
    },
  },
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function flagRows(table: AnyFlagTable): string[] {
  return Object.entries(table).map(([key, flag]) => {
    const usage = flag.kind.placeholder === undefined ? '' : ` ${flag.kind.placeholder}`;
    const others = spellings(key, flag).slice(1).map(code);
    const also = others.length === 0 ? '' : ` (also ${others.join(', ')})`;
    const names = environmentNames(key, flag);
    return `| ${code(`--${flagName(key)}${usage}`)}${also} | ${cell(flag.description)} | ${cell(flag.defaultText)} | ${names.map(code).join(', ')} | ${code(flag.example)} |`;
  });
}

function commandSection(definition: CommandEntry): string[] {
  const argument = definition.argument;
  return [
    `## ${definition.name}`,
    '',
    `${definition.summary}.`,
    '',
    '```sh',
    ...definition.examples,
    '```',
    '',
    ...(argument === undefined
      ? []
      : [`Argument ${code(argument.name)}: ${cell(argument.description)}.`, '']),
    ...(definition.passthrough === undefined
      ? []
      : [`Other flags, and everything behind \`--\`, are handed on: ${cell(definition.passthrough)}.`, '']),
    '| flag | what it does | default | environment | example |',
    '|---|---|---|---|---|',
    ...flagRows(definition.flags),
    '',
  ];
}

/** `docs/reference/cli.md`: every command, flag and exit code, from the tables that the program uses. */
export function cliMarkdown(commands: readonly CommandEntry[]): string {
  return [
    '# Command line',
    '',
    '<!-- Generated from apps/cli/src by `npm run docs -w apps/cli`; a test compares them. -->',
    '',
    'Precedence: flag, `JARVIS_LOAD_<FLAG>`, variables of the old suite, config file, default. `name=value` flags merge by name.',
    'Of flags that contradict each other, the one of the higher source wins; two of the same source are an error.',
    'Durations are `90s`, `1m30s`, `500ms`, or plain seconds. The config file is described by',
    '[config.schema.json](config.schema.json); `--password` and `--token` are not read from it.',
    '',
    ...commands.flatMap(commandSection),
    '## Config file',
    '',
    '`jarvis-load.config.json` in the working directory, or the file that `--config` names:',
    '',
    '```json',
    JSON.stringify(CONFIG_EXAMPLE, null, 2),
    '```',
    '',
    '## Exit codes',
    '',
    '| code | name | meaning |',
    '|---|---|---|',
    ...EXIT_CODES.map((entry) => `| ${entry.code} | ${entry.name} | ${entry.meaning} |`),
    '',
    'When several apply: 129, 130 and 143 first, then 4, 3, 2, 1, 98, 99, 97. Nx flattens exit codes (99 becomes 1): pipelines call `npx jarvis-load`.',
    '',
  ].join('\n');
}
