import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Exporter } from '../../src/exporter.ts';

interface Answer {
  readonly told?: string;
  /** What it failed with; empty: it did not. */
  readonly done?: string;
}

/**
 * An output that runs in a process of its own, see `output-process.js`.
 * @param tell what it tells while the run goes on
 * @param through command that starts the process
 */
export async function outputInProcess(
  spec: string,
  tell: (text: string) => void,
  through: readonly string[] = [],
): Promise<Exporter> {
  const [command = process.execPath, ...words] = through;
  const child = fork(join(import.meta.dirname, 'output-process.js'), [spec], {
    execPath: command,
    execArgv: through.length === 0 ? [] : [...words, process.execPath],
    serialization: 'advanced',
  });
  const done = async (): Promise<void> => {
    for (;;) {
      const [{ done: problem }] = (await once(child, 'message')) as [Answer];
      if (problem === '') return;
      if (problem !== undefined) throw new Error(problem);
    }
  };
  child.on('message', ({ told }: Answer) => {
    if (told !== undefined) tell(told);
  });
  await done();
  const ask = async (kind: string, value: unknown): Promise<void> => {
    const answered = done();
    child.send({ kind, value });
    await answered;
  };
  return {
    start: (run) => ask('start', run),
    event: (value) => void child.send({ kind: 'event', value }),
    second: (value) => void child.send({ kind: 'second', value }),
    hurry: () => undefined,
    stop: (result) => ask('stop', result),
  };
}
