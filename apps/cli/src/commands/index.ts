import { capacity } from './capacity.ts';
import type { CommandEntry } from './command.ts';
import { compare } from './compare.ts';
import { importTest } from './import-test.ts';
import { init } from './init.ts';
import { k6 } from './k6.ts';
import { load } from './load.ts';
import { merge } from './merge.ts';
import { mock } from './mock.ts';
import { probe } from './probe.ts';
import { profiles } from './profiles.ts';
import { history } from './history.ts';
import { repeat } from './repeat.ts';
import { report } from './report.ts';
import { scenarios } from './scenarios.ts';
import { targets } from './targets.ts';
import { ui } from './ui.ts';
import { worker } from './worker.ts';

/** Every command, in the order of the help. One that takes a test file is also named in `test-file/help-of-file.ts`. */
export const COMMANDS: readonly CommandEntry[] = [
  load,
  init,
  importTest,
  ui,
  worker,
  mock,
  probe,
  k6,
  report,
  merge,
  compare,
  repeat,
  capacity,
  history,
  scenarios,
  profiles,
  targets,
];
