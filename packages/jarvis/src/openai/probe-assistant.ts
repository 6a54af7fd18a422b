import type { LoadResponse, Operation, ProbeClient, SuiteFailure } from '@jarvis-load/engine';
import { isRecord } from '../dialects/rules.ts';
import { explainUnreachable } from '../probe/explain-unreachable.ts';
import { bearer } from './ask-model.ts';
import { telemetryPath, TELEMETRY } from '../scenarios/telemetry.ts';
import { MODELS } from './operations.ts';

/** What a target offers of the OpenAI-style API. */
export interface AssistantFindings {
  /** As `GET /v1/models` lists them; empty where it has no such list, or is not asked as no operation is below `/v1/`. */
  readonly models: readonly string[];
  /** Why the operations cannot be loaded. */
  readonly failure?: SuiteFailure;
}

/** Statuses of a route that does not exist, or not with this method. */
const MISSING: ReadonlySet<number> = new Set([404, 405, 501]);
/** Bounds the memory: who shows the text cuts it after its secrets were removed. */
const MOST_CHARACTERS = 16_000;

/**
 * Finds out whether a target offers the operations. Each is requested once, a POST with `{}` as its body, which a server refuses
 * before it works: any answer but 404, 405 and 501 is an offer, and 401 and 403 refuse the token. The list of models, which is
 * asked first, may be missing.
 *
 * @param client knows the operations and `MODELS`
 * @param needs what the scenarios request
 * @param tokenFor the bearer token by name of the operation
 * @param keyHint how a token is given, for the message on a target that wants one
 */
export async function probeAssistant(
  client: ProbeClient,
  needs: readonly Operation[],
  tokenFor: (operation: string) => string | undefined,
  keyHint: string,
): Promise<AssistantFindings> {
  const ask = async ({ name, method, route }: Operation): Promise<LoadResponse> => {
    const token = tokenFor(name);
    const headers = bearer(token);
    return client.request({
      operation: name,
      path: name === TELEMETRY.name ? telemetryPath(token) : route,
      ...(headers === undefined ? {} : { headers }),
      ...(method === 'GET' ? {} : { json: {} }),
    });
  };
  const failed = (failure: SuiteFailure): AssistantFindings => ({ models: [], failure });

  let models: readonly string[] = [];
  if (needs.some(({ route }) => route.startsWith('/v1/'))) {
    const listed = await ask(MODELS);
    const broken = failureOf(MODELS, listed, keyHint);
    if (broken !== undefined) return failed(broken);
    models = modelsOf(listed);
  }
  const missing: string[] = [];
  for (const operation of needs) {
    const response = await ask(operation);
    const failure = failureOf(operation, response, keyHint);
    if (failure?.kind === 'unreachable' || failure?.kind === 'login-refused') return failed(failure);
    if (MISSING.has(response.status)) missing.push(said(operation, response));
  }
  if (missing.length === 0) return { models };
  return failed({
    kind: 'neither',
    problem: 'does not offer what these scenarios request',
    reasons: missing,
    next: 'choose other scenarios (npx jarvis-load scenarios), or check the URL: /v1/... is added to it',
  });
}

/** A failure that leaves open what the target offers: no answer, a refused token, an overloaded list of models. */
function failureOf(operation: Operation, response: LoadResponse, keyHint: string): SuiteFailure | undefined {
  const { status, error } = response;
  if (status === 0) {
    const reasons = [`${operation.method} ${operation.route}: ${explainUnreachable(response).text}.`];
    return { kind: 'unreachable', reasons, ...(error === undefined ? {} : { code: error.code }) };
  }
  const reasons = [said(operation, response)];
  if (status === 401 || status === 403)
    return { kind: 'login-refused', problem: 'wants another token', reasons, next: keyHint };
  if (operation === MODELS && (status === 429 || (status >= 500 && !MISSING.has(status))))
    return { kind: 'unavailable', reasons };
  return undefined;
}

function said({ method, route }: Operation, response: LoadResponse): string {
  return `${method} ${route} answered ${response.status}: ${messageOf(response)}.`;
}

/** What a body says of its failure: untrusted text. */
function messageOf(response: LoadResponse): string {
  const body = response.json();
  const error = isRecord(body) ? body['error'] : undefined;
  const message = isRecord(error) ? error['message'] : error;
  const text = typeof message === 'string' ? message : response.text();
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, MOST_CHARACTERS) || 'no text';
}

function modelsOf(response: LoadResponse): readonly string[] {
  if (response.status !== 200) return [];
  const body = response.json();
  const data = isRecord(body) ? body['data'] : undefined;
  if (!Array.isArray(data)) return [];
  return data.flatMap((each: unknown) => {
    const id = isRecord(each) ? each['id'] : undefined;
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
}
