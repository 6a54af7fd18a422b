import type { AnswerSchema } from './answer-schema.ts';
import type { BodyFile } from './flight.ts';
import type { Tags } from './tags.ts';

/*
 * What scenario code says of one request. Not read by `OptionReader`: `user/check-spec.ts` checks it by hand for each request
 * (a type error names a missing option, not a missing check). A wrong value throws in scenario code; nothing is sent or counted.
 */

/** A value that is written into a path, a query or a form. */
export type FieldValue = string | number | boolean;

/** Names and values; a list is sent as one pair for each value, `undefined` is left out. `URLSearchParams` is one too. */
export type Fields =
  | Readonly<Record<string, FieldValue | readonly FieldValue[] | undefined>>
  | Iterable<readonly [string, string]>;

/** A part of a multipart body: text, a file of the disk (see `file`), a `Blob`, or content with a file name. */
export type MultipartValue =
  | FieldValue
  | BodyFile
  | { readonly content: string | Uint8Array; readonly name: string; readonly type?: string };

/** Parts of a multipart body by name; a list is sent as one part for each value, `undefined` is left out. */
export type Multipart = Readonly<Record<string, MultipartValue | readonly MultipartValue[] | undefined>>;

/** A body that names its own content type: `URLSearchParams`, `FormData`. */
export type EncodedBody = Iterable<readonly [string, string | BodyFile]>;

/** Which redirects to follow. */
export interface RedirectOptions {
  /** Most redirects of one request; one more is an `invalid_body`. @default 10 */
  readonly most?: number;
}

/** Everything of a request but the operation and its path. */
export interface RequestOptions {
  /** Values for the `{names}` of the route, percent-encoded. @default {} */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Added to the path as a query, percent-encoded. @default {} */
  readonly query?: Fields;
  /** Override headers of the run with the same name. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body, sent as JSON with its content type. Exclusive with the other bodies. */
  readonly json?: unknown;
  /** Body, sent as `application/x-www-form-urlencoded`. Exclusive with the other bodies. */
  readonly form?: Fields;
  /** Body, sent as `multipart/form-data`; files are read from the disk while they are sent. Exclusive with the other bodies. */
  readonly multipart?: Multipart;
  /**
   * Body: text and bytes are sent unchanged and without a content type, `URLSearchParams`, `FormData` and `Blob` as
   * `fetch` sends them. Exclusive with the other bodies.
   */
  readonly body?: string | Uint8Array | EncodedBody | BodyFile;
  /** Statuses that are `ok`; any other is a failure. @default expect of the operation */
  readonly expect?: readonly number[];
  /** Schema of the answer, for statuses below 300; a body that does not fit is `invalid_body`. @default answer of the operation */
  readonly answer?: AnswerSchema;
  /**
   * Follows redirects, as a browser does, to the same origin and to those of the scenario's `bases`; to another one is
   * an `invalid_body`. Each is a request of the same operation. @default false
   */
  readonly redirects?: boolean | RedirectOptions;
  /** Name of one of the scenario's `bases` to send it to. @default base of the operation */
  readonly base?: string;
  /**
   * Labels of this request, by names of the scenario's `requestTags`; thresholds select by them, and the report has a row for
   * each value. @default {}
   */
  readonly tags?: Tags;
  /** Overrides the run's request timeout, in milliseconds. @default timeouts.requestMs */
  readonly timeoutMs?: number;
  /**
   * Of a streamed response: the user hangs up after so long, in milliseconds, whether anything came or not; outcome
   * `hung_up`. @default never
   */
  readonly hangUpAfterMs?: number;
}
