import type { Started } from './cli.ts';

/** Address and token of the page that a command serves. */
export async function pageOf(
  run: Started,
): Promise<{ readonly url: string; readonly api: string; readonly token: string }> {
  await run.says(/#token=[\w-]+\n/);
  const [, url = '', token = ''] = /live page: (\S+#token=([\w-]+))/.exec(run.err()) ?? [];
  return { url, api: `${url.replace(/\/#.*/, '')}/api`, token };
}

/** Sends a request to the API as a program does. */
export async function ask(
  { api, token }: { readonly api: string; readonly token: string },
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
