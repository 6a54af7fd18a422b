export { rehearse } from './rehearsal/rehearse.ts';
export { workBehindTheLoad } from './worker/behind-the-load.ts';
export { pathOfRun } from './spec/path-of-run.ts';
export { LastPages } from './worker/last-pages.ts';
export { WorkerOutput } from './worker/worker-output.ts';
export type { OutputContext } from './output-context.ts';
export {
  credentialsOf,
  OUTPUT_VARIABLES,
  refuseSharedCredentials,
  secretsOfCredentials,
} from './spec/credentials.ts';
export { OutputError } from './spec/output-error.ts';
export { OUTPUT_EXAMPLES, OUTPUT_KINDS } from './spec/output-spec.ts';
export type { OutputKind, OutputSpec } from './spec/output-spec.ts';
export { listensToOthers, parseOutput } from './spec/parse-output.ts';
