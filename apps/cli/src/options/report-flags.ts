import type { FlagTable } from './flag.ts';
import { choices, onOff } from './flag-kinds.ts';
import { FORMATS, type Format } from './load-settings.ts';

/** Everything that `report` can be told. */
export interface ReportSettings {
  readonly format?: readonly Format[];
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Flags of `report`. */
export const REPORT_FLAGS: FlagTable<ReportSettings> = {
  format: {
    kind: choices(FORMATS),
    description: 'Views to write; repeatable, or separated by commas',
    example: '--format=junit',
    defaultText: 'html,csv; of k6 junit too',
  },
  quiet: {
    kind: onOff(),
    description: 'Writes the files without showing the summary',
    example: '--quiet',
    defaultText: 'off',
  },
  debug: {
    kind: onOff(),
    description: 'Shows stack traces',
    example: '--debug',
    defaultText: 'off',
  },
};
