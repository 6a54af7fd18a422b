export { EngineError } from './errors.ts';
export type { EngineErrorCode } from './errors.ts';
export { defineScenario } from './definition/define-scenario.ts';
export { nearestName } from './did-you-mean.ts';
export { failuresIn, isFailure, OUTCOMES, outcomeOfStatus } from './outcome.ts';
export type { Outcome } from './outcome.ts';
export type {
  BaseOptions,
  Demand,
  HttpMethod,
  ChecksOf,
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
  VirtualUser,
  WaitTime,
} from './model/scenario.ts';
export type { LoadError, LoadResponse, Timings } from './model/load-response.ts';
export type {
  ContentKind,
  ResponseStream,
  StreamEvent,
  StreamFormat,
  StreamOperation,
  StreamPart,
} from './model/stream.ts';
export type {
  ArrivalPattern,
  CommonExecutorOptions,
  ConstantArrivalRateOptions,
  ConstantVusOptions,
  ExecutorOptions,
  ExternallyControlledRateOptions,
  ExternallyControlledUsersOptions,
  LoadShapeOptions,
  PerVuIterationsOptions,
  RampingArrivalRateOptions,
  ReplayedArrivalsOptions,
  RampingVusOptions,
  SharedIterationsOptions,
  Stage,
  Turn,
} from './model/executor-options.ts';
export type { Duration } from './duration.ts';
export type { CircuitBreakerOptions, Exchange, RunOptions, TimeoutOptions } from './model/run-options.ts';
export type { TlsOptions } from './model/tls-options.ts';
export type { WatchedProcess } from './model/watched-process.ts';
export type { ScenarioModule } from './model/scenario-module.ts';
export type {
  IntervalEvent,
  IntervalOperation,
  NoticeEvent,
  PhaseEvent,
  Progress,
  RunEvent,
  SteeringEvent,
} from './model/events.ts';
export type { Output } from './model/output.ts';
export type {
  MetricInfo,
  OperationInfo,
  RunEnd,
  RunInfo,
  ScenarioInfo,
  ThresholdInfo,
} from './model/run-info.ts';
export type {
  HealthNow,
  MachineNow,
  MachineSecond,
  RunSnapshot,
  SnapshotRecord,
  ThreadHealth,
  ThresholdNow,
} from './model/run-snapshot.ts';
export type {
  CheckPart,
  ErrorPart,
  ExceptionPart,
  GroupPart,
  MetricPart,
  OperationPart,
  RequestPhase,
  RequestsPart,
  ScenarioCounts,
  ScenarioPart,
  SnapshotPart,
  TaggedPart,
} from './model/snapshot-part.ts';
export type {
  RunSession,
  SessionAction,
  SessionRun,
  SessionState,
  SessionStatus,
} from './model/run-session.ts';
export type { SteeringChange, UserRampOptions } from './model/steering.ts';
export type { LoadShape, ShapeTick } from './model/load-shape.ts';
export { distributeUsers } from './plan/distribute-users.ts';
export type { UserShare } from './plan/distribute-users.ts';
export { resolveExecutor } from './executors/resolve-executor.ts';
export { planOfArrivals } from './executors/resolve-replay.ts';
export type { Arrival } from './model/arrival.ts';
export { peakRate } from './executors/peak-rate.ts';
export { defaultMaxVUs } from './executors/user-caps.ts';
export type { ResolvedExecutor } from './model/resolved-executor.ts';
export { startLoad, runLoad } from './coordination/load.ts';
export type { LoadRun } from './coordination/load.ts';
export { recordsUnhandledErrors } from './threads/unhandled-errors.ts';
export { checkThresholds } from './judging/check-thresholds.ts';
export { checkObjectives } from './input/run-rules.ts';
export type { Alarm, Clock, ClockTimer } from './model/clock.ts';
export type { Channel, ChannelTurn, ReceiveOptions, SendOptions } from './model/channel.ts';
export type {
  BodyFile,
  Carrier,
  Connection,
  Flight,
  MessageConnection,
  MessageListener,
  StreamedBody,
  Transport,
  TransportFailure,
  WireRequest,
} from './model/flight.ts';
export type {
  EncodedBody,
  Fields,
  FieldValue,
  Multipart,
  MultipartValue,
  RedirectOptions,
  RequestOptions,
} from './model/request-spec.ts';
export type { OperationInput, OperationText, ScenarioInput, ScenarioUser } from './model/typed-scenario.ts';
export type { AnswerSchema, StandardSchema, ValueOf } from './model/answer-schema.ts';
export { feeder } from './data/feeder.ts';
export type { Feeder, FeederOptions } from './model/feeder.ts';
export { file } from './data/file.ts';
export { classifyAddress } from './guard/address.ts';
export type { AddressClass } from './guard/address.ts';
export { exceededCeiling } from './guard/ceilings.ts';
export type { Ceilings, Exceeded } from './guard/ceilings.ts';
export type { ResolveHost, AllowedHost } from './model/allowed-host.ts';
export { hostOf, portOf } from './guard/permission.ts';
export { plannedLoad } from './definition/planned-load.ts';
export type { PlannedLoad } from './model/planned-load.ts';
export { REDACTED, Redactor } from './secrets/redactor.ts';
export { isSecretName } from './secrets/secret-names.ts';
export { headerSource, secretValues } from './secrets/secret-values.ts';
export { shownAddress } from './secrets/shown-address.ts';
export { headerProblem } from './user/run-headers.ts';
export { explainTlsFailure } from './transport/tls-failure.ts';
export type { TlsFailure, TlsRemedy } from './transport/tls-failure.ts';
export { openClient } from './client.ts';
export type { Client } from './client.ts';
export type { ClientOptions } from './model/client-options.ts';
export type { Objective } from './model/objective.ts';
export type {
  Account,
  AfterRun,
  BeforeRun,
  Credentials,
  FixedSuite,
  Identity,
  LimitAdviser,
  LimitedOperation,
  PreparedSuite,
  ProbeClient,
  ProbedOperation,
  ProbeRequestOfSuite,
  ProfileRequest,
  RateLimit,
  RunOfSuite,
  SettingSchema,
  SettingTexts,
  Suite,
  SuiteContext,
  SuiteDefinition,
  SuiteFailure,
  SuiteFindings,
  SuiteObjectives,
  SuiteProfile,
  SuiteScenario,
  TestContext,
} from './model/suite.ts';
export type { RunResult } from './document/schema.ts';
