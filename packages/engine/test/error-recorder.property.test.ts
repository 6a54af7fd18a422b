import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Redactor } from '../src/index.ts';
import { ErrorRecorder } from '../src/recorder/error-recorder.ts';

interface Seen {
  count: number;
  firstMs: number;
  lastMs: number;
}

const OWNER = { redactor: () => new Redactor(['secret-1', 'secret-2']) };
const facts = () => ({ status: 500, request: '', body: '', user: 1, iteration: 0 });
/** The first two are one text after their secrets are removed. */
const message = fc.constantFrom('token secret-1', 'token secret-2', 'refused');
const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('error', 'exception'),
    operation: fc.integer({ min: 0, max: 1 }),
    message,
  }),
  fc.record({ kind: fc.constant('flush') }),
);

function note(seen: Map<string, Seen>, key: string, { count, firstMs, lastMs }: Seen): void {
  const before = seen.get(key);
  if (before === undefined) seen.set(key, { count, firstMs, lastMs });
  else seen.set(key, { count: before.count + count, firstMs: before.firstMs, lastMs });
}

it('errors and exceptions are handed over once each, in the groups of their redacted texts', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const recorder = new ErrorRecorder();
      const happened = new Map<string, Seen>();
      const handedOver = new Map<string, Seen>();
      const flush = (): void => {
        const { errors, exceptions, errorsNotKept } = recorder.flush();
        expect(errorsNotKept).toBe(0);
        for (const each of errors) note(handedOver, `error ${each.operation} ${each.message}`, each);
        for (const each of exceptions) note(handedOver, `exception ${each.scenario} ${each.message}`, each);
      };
      steps.forEach((each, atMs) => {
        if (!('operation' in each)) return flush();
        const { operation, message: text } = each;
        const once = { count: 1, firstMs: atMs, lastMs: atMs };
        const clean = OWNER.redactor().text(text);
        if (each.kind === 'error') {
          recorder.error(operation, 3, 'CODE', text, atMs, OWNER, facts, undefined);
          note(happened, `error ${operation} ${clean}`, once);
        } else {
          recorder.exception(operation, new Error(text), atMs, OWNER);
          note(happened, `exception ${operation} Error: ${clean}`, once);
        }
      });
      flush();
      expect(handedOver).toEqual(happened);
    }),
    { numRuns: 1000 },
  );
});
