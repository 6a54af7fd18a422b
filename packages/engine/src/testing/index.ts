/** Means of testing what uses the engine: time without waiting, a target without sockets. */
export { VirtualClock } from './virtual-clock.ts';
export { ScriptedTarget } from './scripted-target.ts';
export type { ScriptedAnswer, ScriptedRequest } from './scripted-target.ts';
