/** Scenarios as a module reference: each thread imports it, as functions cannot be sent to a thread. */
export interface ScenarioModule {
  /** Absolute path or `file:` URL of an ES module. */
  readonly module: string;
  /** Name of the export: a scenario, a list of them, or a function of `options` that returns either. @default 'default' */
  readonly export?: string;
  /** Argument of the exported function; must support `structuredClone`. @default none */
  readonly options?: unknown;
}
