import { headerSource, secretValues, type Exchange, type Redactor } from '@jarvis-load/engine';

/** Adds the secrets of an exchange to a redactor, before anything of it is shown: those sent, and those issued by the target. */
export function learnSecrets(redactor: Redactor, { headers, body, url, response }: Exchange): void {
  for (const [name, value] of Object.entries(headers)) {
    const source = headerSource(name, value);
    if (source !== undefined) redactor.add(secretValues(source));
  }
  if (typeof body === 'string') redactor.add(secretValues({ kind: 'body', text: body }));
  if (url.includes('?')) redactor.add(secretValues({ kind: 'path', text: url }));
  if (response.status === 0) return;
  const issued = response.json();
  if (issued !== undefined) redactor.add(secretValues({ kind: 'body', text: JSON.stringify(issued) }));
  const cookie = response.headers['set-cookie'];
  if (cookie !== undefined) redactor.add(secretValues({ kind: 'cookie', text: cookie.split(';', 1)[0]! }));
}
