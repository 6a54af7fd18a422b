import type { ScenarioDefinition } from '@jarvis-load/engine';
import type { Dialect } from '../dialects/dialect.ts';
import type { Recording } from '../data/recording.ts';
import type { OperationName } from '../dialects/operation-name.ts';
import type { JarvisSettings } from './settings.ts';
import type { LoginShared } from './session.ts';

/** An account of the target. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** How users get in: accounts to log in with, or a token that is there already. */
export type Credentials = { readonly accounts: readonly Account[] } | { readonly token: string };

/** What every scenario of this package takes. */
export interface JarvisScenarioOptions {
  /** Which contract the target speaks; see `detectDialect`. */
  readonly dialect: Dialect;
  readonly credentials: Credentials;
  /** Goes into every text and title, so that what a run leaves behind can be told from real data. */
  readonly runId: string;
  /**
   * One login for all, made in `setup` with the first account; or one per user, with the accounts in turn.
   * @default 'shared'
   */
  readonly identity?: 'shared' | 'per-user';
  /**
   * What the voice scenarios transcribe, and the sentences they have synthesized, in the language of the settings. Scenarios with
   * voice cannot do without; the folder `recordings` of this package holds some.
   * @default []
   */
  readonly recordings?: readonly Recording[];
  /** @default {} */
  readonly settings?: Partial<JarvisSettings>;
  /** Delete the conversations of the run in `teardown`, where the dialect can. @default true */
  readonly cleanUp?: boolean;
  /** Clock for the life of tokens, Unix time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** A part of a scenario that the dialect cannot do; left out, and reported. */
export interface NotOffered {
  readonly scenario: string;
  /** The task or step. */
  readonly part: string;
  /** Operations that the dialect lacks; empty when it has them but cannot chain them. */
  readonly operations: readonly OperationName[];
  readonly text: string;
}

/** A scenario of this package: an engine definition, and what had to be left out of it. */
export interface JarvisScenario<State = unknown> extends ScenarioDefinition<LoginShared, State> {
  readonly description: string;
  readonly notOffered: readonly NotOffered[];
}
