export { classNames } from './class-names.ts';
export { LocustWorker } from './locust-worker.ts';
export type { LocustWorkerOptions } from './locust-worker.ts';
export { locustfile } from './locustfile.ts';
