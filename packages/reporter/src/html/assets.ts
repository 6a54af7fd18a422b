// oxlint-disable-next-line typescript/triple-slash-reference -- declares `ejs` also for a compiler that was not given `src`
/// <reference path="./ejs.d.ts" />
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import { ReporterError } from '../errors.ts';
import { escapeHtml } from '../escape/html.ts';

/**
 * Built from `styles/` (with those of `packages/charts`), `client/` and `templates/` by the package's build (`build.mjs`): a change there
 * needs a build. In a template the data is `page`; `<%= %>` escapes it with `escapeHtml`, `<%- %>` inserts it as it is.
 */
export interface Assets {
  readonly style: string;
  readonly script: string;
  readonly template: (page: object) => string;
  readonly capacityTemplate: (page: object) => string;
  readonly comparisonTemplate: (page: object) => string;
  readonly historyTemplate: (page: object) => string;
}

/** Resolves to the same directory from `src/html` and from `dist/html`. */
const DIRECTORY = new URL('../../dist/assets/', import.meta.url);

let loaded: Assets | undefined;

/**
 * Reads the assets at the first call; later calls of the process get the same ones.
 * @throws {ReporterError} `assets_missing` when the package has not been built
 */
export function loadAssets(): Assets {
  loaded ??= read();
  return loaded;
}

function read(): Assets {
  const path = (name: string) => fileURLToPath(new URL(name, DIRECTORY));
  if (!existsSync(path('report.js'))) {
    throw new ReporterError(
      'assets_missing',
      `The HTML report needs ${path('report.js')}, which the build of packages/reporter creates. Run: npx nx run reporter:build`,
    );
  }
  const compile = (name: string): Assets['template'] =>
    ejs.compile(readFileSync(path(name), 'utf8'), {
      filename: path(name),
      escape: escapeHtml,
      strict: true,
      localsName: 'page',
      rmWhitespace: true,
    });
  return {
    style: readFileSync(path('report.css'), 'utf8'),
    script: readFileSync(path('report.js'), 'utf8'),
    template: compile('report.ejs'),
    capacityTemplate: compile('capacity.ejs'),
    comparisonTemplate: compile('comparison.ejs'),
    historyTemplate: compile('history.ejs'),
  };
}
