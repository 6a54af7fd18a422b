/*
 * The search for the highest load at which every promise holds. Pure: no run, no file, no clock. The caller makes the run of each
 * plan that `next` gives, one at a time, judges it (`judgeStep`) and passes the outcome to `record` (`driveSteps` does so).
 */
export type { CapacityAnswer, FailedLevel, OtherLimit } from './answer.ts';
export { answerText } from './answer-text.ts';
export { capacityReport } from './capacity-report.ts';
export type { CapacityInterval, CapacityReport } from './capacity-report.ts';
export type { CapacityRound } from './capacity-round.ts';
export { CapacitySearch } from './capacity-search.ts';
export type { SearchOptions } from './capacity-search.ts';
export { isProven, isUnproven } from './confirmation.ts';
export { driveSteps } from './drive-steps.ts';
export type { StepSource } from './drive-steps.ts';
export { fitUsl } from './fit-usl.ts';
export type { UslFit } from './fit-usl.ts';
export { foreseenSteps } from './foreseen-steps.ts';
export { formatLevel } from './format-level.ts';
export { judgeStep } from './judge-step.ts';
export type {
  BrokenPromise,
  CapacityStep,
  StepFigures,
  StreamFigures,
  StepOutcome,
  StepPlan,
  StepPurpose,
  StepStatus,
} from './step.ts';
export { Sweep } from './sweep.ts';
