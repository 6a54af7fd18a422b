export { startLiveServer } from './server/start-live-server.ts';
export type { LiveServer, LiveServerOptions } from './server/start-live-server.ts';
export { LiveError } from './control/live-control.ts';
export type { LiveArchive, LiveControl, LiveMock } from './control/live-control.ts';
export { LiveStore } from './record/live-store.ts';
export { LiveOutput } from './record/live-output.ts';
export { courseOfResult } from './record/course-of-result.ts';
export { headOfResult, historyOfResult, nowOfResult, verdictOf } from './record/now-of-result.ts';
export type { ArchivedRun, MockChange, MockView, Offer, StartRequest } from './api/session-schema.ts';
