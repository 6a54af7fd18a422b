import type { FlagTable } from './flag.ts';
import { number, onOff, text } from './flag-kinds.ts';
import { LOAD_FLAGS } from './load-flags.ts';
import type { LoadSettings } from './load-settings.ts';
import { SESSION_FLAGS, type SessionSettings } from './session-flags.ts';

/** Settings of `worker`. */
export interface WorkerSettings extends SessionSettings, Pick<LoadSettings, 'scenario' | 'profile'> {
  readonly masterHost?: string;
  readonly masterPort?: number;
  readonly printLocustfile?: boolean;
}

/** Flags of `worker`. */
export const WORKER_FLAGS: FlagTable<WorkerSettings> = {
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
  scenario: LOAD_FLAGS.scenario,
  profile: LOAD_FLAGS.profile,
  ...SESSION_FLAGS,
};
