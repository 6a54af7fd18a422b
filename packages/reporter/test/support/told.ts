import type { RunResult } from '@jarvis-load/engine/result';
import { expect } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { whatHappened } from '../../src/findings/what-happened.ts';

/** Value at a JSON pointer. */
function at(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}

/** The sentences of a run; each must be built on values that are in the document. */
export function told(result: RunResult): Finding[] {
  const findings = whatHappened(result);
  expect(findings.length).toBeLessThanOrEqual(5);
  for (const { evidence, code } of findings) {
    expect([code, evidence.length > 0]).toEqual([code, true]);
    for (const { pointer, value } of evidence)
      expect([pointer, at(result, pointer)]).toEqual([pointer, value]);
  }
  return findings;
}

/** Codes of findings, in their order. */
export const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);
/** The sentence of that code; empty without one. */
export const textOf = (findings: readonly Finding[], code: Finding['code']): string =>
  findings.find((finding) => finding.code === code)?.text ?? '';
