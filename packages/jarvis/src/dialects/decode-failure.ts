import type { LoadResponse } from '@jarvis-load/engine';
import { isRecord } from './rules.ts';

/** Decoded failure of a request. All strings come from the target: untrusted text. */
export interface JarvisFailure {
  /** The target's own code, `http_<status>`, or the code of the transport error. */
  readonly code: string;
  /** At most 16,000 characters: whoever shows its beginning removes secrets before the cut, as half of one is not found. */
  readonly message: string;
  /** From the body or `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;
  /** From `X-RateLimit-*`. */
  readonly rateLimit: RateLimitHeaders | undefined;
  /** The error format, by the names of {@link decodeFailure}; `none` when there was no answer. */
  readonly format: 'documented-a' | 'documented-b' | 'core-json' | 'text' | 'empty' | 'other' | 'none';
}

/** Values of `X-RateLimit-Limit`, `-Remaining` and `-Reset`. */
export interface RateLimitHeaders {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** Unix time in seconds. */
  readonly resetAtSeconds: number | undefined;
}

/** Bounds the memory, not what is shown. */
const MAX_MESSAGE = 16_000;

/**
 * Decodes every error format of both dialects: documented A `{error, message, code[, retry_after]}` and B `{status:
 * "error", code, message, details}`; the core's JSON 401, plain text and empty bodies. Never throws.
 * @param nowMs Unix time in milliseconds, to convert a `Retry-After` that is a date.
 */
export function decodeFailure(response: LoadResponse, nowMs: number = Date.now()): JarvisFailure {
  if (response.status === 0) {
    const error = response.error;
    return {
      code: error?.code ?? response.outcome,
      message: cut(error?.message ?? 'no answer'),
      retryAfterSeconds: undefined,
      rateLimit: undefined,
      format: 'none',
    };
  }
  const body = response.json();
  const headers = response.headers;
  return {
    ...(isRecord(body) ? readJsonError(body, response.status) : readTextError(response, body !== undefined)),
    retryAfterSeconds:
      (isRecord(body) ? seconds(body['retry_after']) : undefined) ??
      readRetryAfter(headers['retry-after'], nowMs),
    rateLimit: readRateLimit(headers),
  };
}

type ErrorText = Pick<JarvisFailure, 'code' | 'message' | 'format'>;

function readJsonError(body: Record<string, unknown>, status: number): ErrorText {
  const code = typeof body['code'] === 'string' ? body['code'] : `http_${status}`;
  const message = body['message'];
  const error = body['error'];
  if (body['status'] === 'error' && typeof message === 'string') {
    const details = body['details'];
    const field = isRecord(details) && typeof details['field'] === 'string' ? details['field'] : undefined;
    const reason = isRecord(details) && typeof details['reason'] === 'string' ? details['reason'] : undefined;
    const detail = [field, reason].filter((part) => part !== undefined).join(': ');
    return {
      code: cut(code),
      message: cut(detail === '' ? message : `${message} (${detail})`),
      format: 'documented-b',
    };
  }
  if (typeof error === 'string' && typeof message === 'string') {
    return { code: cut(code), message: cut(message), format: 'documented-a' };
  }
  if (typeof error === 'string' && typeof body['code'] === 'string') {
    return { code: cut(code), message: cut(error), format: 'core-json' };
  }
  const any = typeof message === 'string' ? message : typeof error === 'string' ? error : undefined;
  return { code: cut(code), message: cut(any ?? JSON.stringify(body)), format: 'other' };
}

function readTextError(response: LoadResponse, isJson: boolean): ErrorText {
  const text = response.text().trim();
  const code = `http_${response.status}`;
  if (text === '') return { code, message: 'empty body', format: 'empty' };
  const type = response.headers['content-type'] ?? '';
  const plain = !isJson && (type === '' || type.startsWith('text/plain'));
  return { code, message: cut(text), format: plain ? 'text' : 'other' };
}

/** `Retry-After`: seconds, or an HTTP date. */
function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const direct = seconds(value);
  if (direct !== undefined) return direct;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - nowMs) / 1000));
}

function readRateLimit(headers: LoadResponse['headers']): RateLimitHeaders | undefined {
  const limit = seconds(headers['x-ratelimit-limit']);
  const remaining = seconds(headers['x-ratelimit-remaining']);
  const resetAtSeconds = seconds(headers['x-ratelimit-reset']);
  if (limit === undefined && remaining === undefined && resetAtSeconds === undefined) return undefined;
  return { limit, remaining, resetAtSeconds };
}

function seconds(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const parsed = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : NaN;
  return Number.isFinite(parsed) && parsed >= 0 ? parsed : undefined;
}

const cut = (text: string): string =>
  text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE - 1)}…`;
