export { EngineError } from './errors.ts';
export type { EngineErrorCode } from './errors.ts';
export { defineScenario } from './scenario.ts';
export { OUTCOMES, outcomeOfStatus } from './outcome.ts';
export type { Outcome } from './outcome.ts';
export type {
  Demand,
  HttpMethod,
  LoadError,
  LoadResponse,
  MetricDeclaration,
  MetricKind,
  Operation,
  RequestSpec,
  ScenarioContext,
  ScenarioDefinition,
  Tags,
  Task,
  ThresholdOptions,
  Thresholds,
  Timings,
  VirtualUser,
  WaitTime,
} from './scenario.ts';
export type {
  CommonExecutorOptions,
  ConstantArrivalRateOptions,
  ConstantVusOptions,
  Duration,
  ExecutorOptions,
  LoadShapeOptions,
  PerVuIterationsOptions,
  RampingArrivalRateOptions,
  RampingVusOptions,
  SharedIterationsOptions,
  Stage,
  Turn,
} from './executors/options.ts';
export type { CircuitBreakerOptions, Exchange, RunOptions, TimeoutOptions, TlsOptions } from './options.ts';
export type { WatchedProcess } from './machine/machine-watch.ts';
export type { ScenarioModule } from './run/scenario-module.ts';
export type {
  IntervalEvent,
  IntervalOperation,
  NoticeEvent,
  PhaseEvent,
  Progress,
  RunEvent,
} from './events.ts';
export type { LoadShape, ShapeTick } from './plan/load-shape.ts';
export { distributeUsers } from './plan/distribute-users.ts';
export type { UserShare } from './plan/distribute-users.ts';
export { resolveExecutor } from './executors/resolve.ts';
export { peakRate } from './executors/peak-rate.ts';
export { defaultMaxVUs } from './executors/user-caps.ts';
export type { ResolvedExecutor } from './executors/resolved.ts';
export { startLoad, runLoad } from './run/load.ts';
export type { LoadRun } from './run/load.ts';
export { checkThresholds } from './run/check-thresholds.ts';
export { VirtualClock } from './clock/virtual-clock.ts';
export type { Alarm, Clock, ClockTimer } from './clock/clock.ts';
export { ScriptedTarget } from './transport/scripted-target.ts';
export type { ScriptedAnswer, ScriptedRequest } from './transport/scripted-target.ts';
export type { Connection, Flight, Transport, TransportFailure, WireRequest } from './transport/flight.ts';
export { classifyAddress } from './guard/address.ts';
export type { AddressClass } from './guard/address.ts';
export { exceededCeiling } from './guard/ceilings.ts';
export type { Ceilings, Exceeded } from './guard/ceilings.ts';
export type { ResolveHost } from './guard/guard.ts';
export { hostOf, portOf } from './guard/permission.ts';
export type { AllowedHost } from './guard/permission.ts';
export { plannedLoad } from './guard/planned-load.ts';
export type { PlannedLoad } from './guard/planned-load.ts';
export { REDACTED, Redactor } from './secrets/redactor.ts';
export { isSecretName } from './secrets/secret-names.ts';
export { headerSource, secretValues } from './secrets/secret-values.ts';
export { headerProblem } from './user/run-headers.ts';
export { explainTlsFailure } from './transport/tls-failure.ts';
export type { TlsFailure, TlsRemedy } from './transport/tls-failure.ts';
export { openClient } from './client.ts';
export type { Client, ClientOptions } from './client.ts';
export type { Objective } from './result/objective.ts';
export type { RunResult } from './result/schema.ts';
