/*
 * Part of `schema.ts`, the schema of the result document: machines and clocks. Older documents are read: a new member is
 * optional, or a step of `upgrade.ts` adds it.
 */

import { Type } from '@jarvis-load/engine/typebox';
import { Nullable } from './statistics-schema.ts';

/** How the machine affected the run, as far as the system provides it. */
export const Machine = Type.Object(
  {
    processes: Type.Array(
      Type.Object({
        name: Type.String({ description: 'generator, or a watched process such as mock' }),
        runMs: Type.Number({ description: 'Total processor time of its threads' }),
        waitMs: Type.Number({
          description: 'Total time in which its threads were ready to run and waited for a processor',
        }),
        waitShare: Nullable(Type.Number({ description: 'waitMs / (waitMs + runMs)' })),
      }),
      { description: 'Empty when not available on this system (/proc/<pid>/task/*/schedstat)' },
    ),
    pressureShare: Nullable(
      Type.Number({
        description: 'Share of the run in which some thread of the machine waited (/proc/pressure/cpu)',
      }),
    ),
    stealShare: Nullable(
      Type.Number({ description: 'Share of the requested processor time that the host took (steal)' }),
    ),
    throttledMs: Nullable(
      Type.Number({ description: 'Time in which the quota of a control group throttled this process' }),
    ),
    seconds: Type.Integer({ minimum: 0, description: 'Intervals measured' }),
    loudSeconds: Type.Integer({
      minimum: 0,
      description: 'Intervals with so much waiting that it may have delayed responses',
    }),
    lostShare: Nullable(
      Type.Number({
        description: 'Share of the run that loud seconds can have taken from a thread, at most',
      }),
    ),
  },
  { description: 'What the machine did to the run: waiting for a processor, a quota, its host' },
);

/** The machine of one part of a merged run. */
export const MachineOfPart = Type.Object(
  {
    part: Type.String({ description: 'Name of the part, as in extensions.parts' }),
    machine: Nullable(Machine),
    machineCpuShare: Nullable(
      Type.Number({ description: 'Busy share of all its processors during the run, 0 to 1' }),
    ),
  },
  { description: 'The machine of one part of a merged run' },
);

/** The clock of the target, seen from a machine that loads it. */
export const ClockAhead = Type.Object(
  { least: Type.Integer(), most: Type.Integer() },
  {
    description:
      "Of a part of a run: bounds of how far the target's clock is ahead of this machine's, by the header Date of its answers before the load",
  },
);
