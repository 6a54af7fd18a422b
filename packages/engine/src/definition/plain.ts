/**
 * What a test file needs while it is loaded, in plain code: k6 loads it, too, so that nothing of it may import modules of Node.
 */
export { csvFields } from '../data/csv-row.ts';
export { CSV_OPTIONS, OPTIONS, SCHEMA_OPTIONS, wrongChoice } from '../data/feeder-options.ts';
export { schemaProblem } from '../input/schema-problem.ts';
export { contentTypeOf } from '../data/content-types.ts';
export { EngineError } from '../errors.ts';
export { wrongOptions } from '../wrong-options.ts';
export { defineScenario } from './define-scenario.ts';
