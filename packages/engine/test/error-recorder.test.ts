import { expect, it } from 'vitest';
import { ErrorRecorder } from '../src/recorder/error-recorder.ts';
import { Redactor } from '../src/secrets/redactor.ts';

const facts = () => ({ status: 500, request: '', body: '', user: 1, iteration: 0 });

it('the example is the first with a trace id, also where messages differ by a secret alone', () => {
  const owner = { redactor: () => new Redactor(['secret-1', 'secret-2']) };
  const recorder = new ErrorRecorder();
  recorder.error(0, 3, 'CODE', 'token secret-1', 1, owner, facts, undefined);
  recorder.error(0, 3, 'CODE', 'token secret-2', 2, owner, facts, 'trace-2');
  recorder.error(0, 3, 'CODE', 'token secret-1', 3, owner, facts, 'trace-3');
  const { errors } = recorder.flush();
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ count: 3, firstMs: 1, lastMs: 3 });
  expect(errors[0]?.sample).toMatchObject({ atMs: 2, traceId: 'trace-2', message: 'token ***' });
});
