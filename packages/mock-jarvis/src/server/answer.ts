/** A complete response before it is sent, or replaced by a fault. */
export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_UTF8 = 'application/json; charset=utf-8';

/** An answer without body and content type. */
export const empty = (status: number, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  type: undefined,
  body: '',
  ...(headers && { headers }),
});

/** A JSON answer. */
export const json = (value: unknown, status = 200, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  type: JSON_UTF8,
  body: JSON.stringify(value),
  ...(headers && { headers }),
});
