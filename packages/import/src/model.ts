import type { HttpMethod } from '@jarvis-load/engine';

/*
 * What readers return and the writer takes. Text is foreign: the writer quotes it. Only the names of secrets and of variables
 * become source as they are, so `Secrets` and `Names` alone make them. Readers set no variables: `correlate` does.
 */

/** A part of a {@link Dynamic}: text, a secret of the environment, or a variable from an earlier answer. */
export type DynamicPart =
  | string
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string; readonly type: 'string' | 'number' };

/** A value that the test file works out while it runs. */
export class Dynamic {
  readonly parts: readonly DynamicPart[];
  /** What the value is where it stands. */
  readonly as: 'string' | 'number';

  constructor(parts: readonly DynamicPart[], as: 'string' | 'number' = 'string') {
    this.parts = parts.filter((part) => part !== '');
    this.as = as;
  }
}

/** A value of a path, query, header, form, or leaf of a JSON body. */
export type Value = string | number | boolean | null | Dynamic;

/** A name and its value. */
export type Pair = readonly [name: string, value: Value];

/** A part of a multipart body. */
export type ImportedPart =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'file'; readonly path: string; readonly name?: string; readonly type?: string }
  | { readonly kind: 'content'; readonly content: Value; readonly name: string; readonly type?: string };

/** The body of a request. */
export type ImportedBody =
  /** JSON whose leaves are of type {@link Value}. */
  | {
      readonly kind: 'json';
      readonly value: unknown;
      /** Such as `application/vnd.api+json`. @default application/json */
      readonly type?: string;
    }
  | { readonly kind: 'form'; readonly fields: readonly Pair[] }
  | {
      readonly kind: 'multipart';
      readonly parts: readonly (readonly [name: string, part: ImportedPart])[];
    }
  | { readonly kind: 'text'; readonly text: Value; readonly type: string }
  | { readonly kind: 'file'; readonly path: string; readonly type: string };

/** One request of a test file. */
export interface ImportedRequest {
  readonly method: HttpMethod;
  /** Scheme, host and port; empty: the target, whatever it is. */
  readonly origin: string;
  /** Percent-encoded path; `{names}` stand for `params`. */
  readonly route: string;
  /** Whether the route is a template as the source has it: no ids are looked for. @default false */
  readonly isTemplate?: boolean;
  readonly params: readonly Pair[];
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly body?: ImportedBody;
  /** Name of the operation. @default method and route */
  readonly name?: string;
  /** Statuses that are right. @default 200 to 399 */
  readonly expect?: readonly number[];
  /** Whether redirects are followed. @default false */
  readonly redirects?: boolean;
  /** When it was recorded, in milliseconds. @default not known: no think times, no batches */
  readonly recorded?: { readonly startMs: number; readonly endMs: number };
  /** Whether nothing is sent at the same time: a page, a redirect, a login by cookie. @default false */
  readonly isAlone?: boolean;
  /** The JSON of the recorded answer. @default not known */
  readonly answer?: unknown;
  /** The HTML of the recorded answer, in which tokens of forms are looked for. @default not known */
  readonly page?: string;
  /** One line above the request. @default none */
  readonly comment?: string;
  /** Params that the answer of an earlier request of the journey gives. @default none */
  readonly links?: readonly AnswerLink[];
}

/** A param of a request that the answer of another request has; without it the value of `params` stays. */
export interface AnswerLink {
  readonly param: string;
  /** Place in the journey of the request whose answer has it. */
  readonly from: number;
  /** Names that lead to it in the JSON of the answer. */
  readonly path: readonly string[];
  readonly type: 'string' | 'number';
}

/** Requests that one user makes, in the order in which they are sent. */
export interface Journey {
  readonly name: string;
  readonly requests: readonly ImportedRequest[];
}

/** What is not in the test file, and why. */
export interface LeftOut {
  /** Such as `static assets`; the heading of a list. */
  readonly reason: string;
  /** Such as `GET /app.css`, each once. */
  readonly what: readonly string[];
  /** How many requests. */
  readonly requests: number;
}

/** A variable of the environment that holds a secret. */
export interface SecretVariable {
  /** Such as `LOAD_PASSWORD`. */
  readonly name: string;
  /** What it is, such as `header authorization`. */
  readonly of: string;
}

/** What was read from one source. */
export interface Imported {
  readonly journeys: readonly Journey[];
  /** Origin of the requests, such as `https://shop.example.org`; empty: not known. */
  readonly origin: string;
  /** Secrets that the source names without their values; those with values are found later. */
  readonly secrets: readonly SecretVariable[];
  readonly leftOut: readonly LeftOut[];
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[];
  /** Whether answers set cookies that later requests need: the run keeps them with `--cookies`. @default false */
  readonly usesCookies?: boolean;
}
