import { SCENARIOS } from '../scenarios/catalog.ts';
import { ASSISTANT_SCENARIOS } from './catalog.ts';

/** Whether the scenario of that name needs recordings. */
export function hasVoice(name: string): boolean {
  return [...SCENARIOS, ...ASSISTANT_SCENARIOS].some((entry) => entry.name === name && entry.hasVoice);
}
