// @ts-check
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts processes that each keep a processor busy. They end when this process ends.
 *
 * @param {number} count
 * @returns {Promise<() => Promise<void>>} ends them, and resolves when they have exited
 */
export async function startSpinners(count) {
  const children = Array.from({ length: count }, () =>
    fork(fileURLToPath(new URL('./spin.js', import.meta.url)), [], { stdio: 'ignore' }),
  );
  await Promise.all(
    children.map(
      (child) => new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject)),
    ),
  );
  return async () => {
    await Promise.all(
      children
        .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
        .map((child) => {
          const gone = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          return gone;
        }),
    );
  };
}
