import { flagTable, type SettingsOf } from './flag.ts';
import { anyTexts, list, onOff, text } from './flag-kinds.ts';
import { LIST_FLAGS } from './list-flags.ts';

/**
 * Flags of `import`; one of the first four is given. It has no `--config`: flags are read from the command line and from
 * `JARVIS_LOAD_*`.
 */
export const IMPORT_FLAGS = flagTable({
  openapi: {
    kind: text('<file|url>'),
    description:
      'An OpenAPI 3.x or Swagger 2.0 document, JSON or YAML: each operation once, a scenario for each tag',
    example: '--openapi=http://localhost:3000/openapi.json',
    defaultText: 'none',
    inConfig: false,
  },
  har: {
    kind: text('<file>'),
    description: 'A recording of a browser: requests in order, with think times as recorded',
    example: '--har=session.har',
    defaultText: 'none',
    inConfig: false,
  },
  curl: {
    kind: anyTexts('<line|->'),
    description:
      'A curl line, as browsers copy it; may be given several times. - reads them from standard input',
    example: "--curl=\"curl 'http://localhost:3000/products' -H 'accept: application/json'\"",
    defaultText: 'none',
    inConfig: false,
  },
  postman: {
    kind: text('<file>'),
    description: 'A Postman collection (v2.1): its requests in order',
    example: '--postman=shop.postman_collection.json',
    defaultText: 'none',
    inConfig: false,
  },
  out: {
    kind: text('<file>'),
    description: 'The test file that is written',
    example: '--out=shop.ts',
    defaultText: 'load.ts',
    inConfig: false,
    // `JARVIS_LOAD_OUT` names the outputs of a run.
    inEnvironment: false,
  },
  force: {
    kind: onOff(),
    description: 'Overwrites the file if there is one',
    example: '--force',
    defaultText: 'off: a file is never overwritten',
    inConfig: false,
  },
  host: {
    kind: list('<host,...>'),
    description:
      'With --har: further hosts whose requests are kept; others than that of the first request are left out',
    example: '--host=api.example.org',
    defaultText: 'none',
    inConfig: false,
  },
  debug: LIST_FLAGS.debug,
});

/** Settings of `import`. */
export type ImportSettings = SettingsOf<typeof IMPORT_FLAGS>;
