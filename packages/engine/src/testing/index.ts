/** For tests of code that uses the engine: a virtual clock, and a target without sockets. */
export { VirtualClock } from './virtual-clock.ts';
export { ScriptedTarget } from './scripted-target.ts';
export type { ScriptedRequest } from './scripted-target.ts';
export type { ScriptedAnswer } from './scripted-answer.ts';
