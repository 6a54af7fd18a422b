import { flagTable, type SettingsOf } from './flag.ts';
import { number, onOff, text } from './flag-kinds.ts';
import { LOAD_FLAGS } from './load-flags.ts';
import { SESSION_FLAGS } from './session-flags.ts';

/** Flags of `worker`. */
export const WORKER_FLAGS = flagTable({
  masterHost: {
    kind: text('<address>'),
    description: 'Where the Locust master runs; a name or an IP address',
    example: '--master-host=locust-master',
    defaultText: '127.0.0.1',
    legacyEnvironment: 'LOCUST_MASTER_NODE_HOST',
    notInDocument: 'the tag locust_master has it',
  },
  masterPort: {
    kind: number({ integer: true, min: 1, max: 65_535 }),
    description: "The master's --master-bind-port",
    example: '--master-port=5557',
    defaultText: '5557',
    legacyEnvironment: 'LOCUST_MASTER_NODE_PORT',
    notInDocument: 'the tag locust_master has it',
  },
  printLocustfile: {
    kind: onOff(),
    description:
      'Prints the file that the master needs for these scenarios on this target (classes, weights, tasks), and ends',
    example: '--print-locustfile --target=mock > locustfile.py',
    defaultText: 'off',
    inConfig: false,
    notInDocument: 'there is no run',
  },
  noJournal: {
    kind: onOff(),
    description:
      'Keeps no journal.ndjson in the folder of a run: it cannot be merged with those of other workers',
    example: '--no-journal',
    defaultText: 'off: the journal is written each second, and kept for merge',
    notInDocument: 'changes no result',
  },
  scenario: LOAD_FLAGS.scenario,
  profile: LOAD_FLAGS.profile,
  ...SESSION_FLAGS,
});

/** Settings of `worker`. */
export type WorkerSettings = SettingsOf<typeof WORKER_FLAGS>;
