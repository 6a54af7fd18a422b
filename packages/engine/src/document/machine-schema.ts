import { Type } from 'typebox';
import { Nullable } from './statistics-schema.ts';

/** How the machine affected the run, as far as the system provides it. */
export const Machine = Type.Object(
  {
    processes: Type.Array(
      Type.Object({
        name: Type.String({ description: 'generator, or a watched process such as mock' }),
        runMs: Type.Number({ description: 'Processor time of its threads, added up' }),
        waitMs: Type.Number({
          description: 'Time in which its threads were ready to run and waited for a processor, added up',
        }),
        waitShare: Nullable(Type.Number({ description: 'waitMs / (waitMs + runMs)' })),
      }),
      { description: 'Empty where the system does not tell (/proc/<pid>/task/*/schedstat)' },
    ),
    pressureShare: Nullable(
      Type.Number({
        description: 'Share of the run in which some thread of the machine waited (/proc/pressure/cpu)',
      }),
    ),
    stealShare: Nullable(
      Type.Number({ description: 'Of the processor time that the machine wanted, what its host took' }),
    ),
    throttledMs: Nullable(
      Type.Number({ description: 'For how long a quota of a control group held this process' }),
    ),
    seconds: Type.Integer({ minimum: 0, description: 'Intervals measured' }),
    loudSeconds: Type.Integer({
      minimum: 0,
      description: 'Those with so much waiting that it can have delayed answers',
    }),
    lostShare: Nullable(
      Type.Number({
        description: 'Share of the run that loud seconds can have taken from a thread, at most',
      }),
    ),
  },
  { description: 'What the machine did to the run: waiting for a processor, a quota, its host' },
);
