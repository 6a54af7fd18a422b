type Esbuild = typeof import('esbuild');

let users = 0;

/**
 * Lends esbuild, which is loaded only here, as few commands need it. Its helper process is ended with the last of those who
 * use it at the same time: no second process idles beside a load, and ending it earlier would leave their builds without an
 * end.
 */
export async function withEsbuild<Result>(use: (esbuild: Esbuild) => Promise<Result>): Promise<Result> {
  users++;
  try {
    return await use(await import('esbuild'));
  } finally {
    users--;
    if (users === 0) await (await import('esbuild')).stop();
  }
}
