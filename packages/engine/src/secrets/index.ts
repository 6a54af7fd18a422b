/** What removes secrets from texts, for threads that load nothing else of the engine. */
export { Redactor } from './redactor.ts';
export { headerSource, secretValues } from './secret-values.ts';
