export { formatAbort } from './k6/abort-reason.ts';
