import type { Account, Credentials, ScenarioDefinition, SettingTexts } from '@jarvis-load/engine';
import type { Dialect } from '../dialects/dialect.ts';
import type { Recording } from '../data/recording.ts';
import type { OperationName } from '../dialects/operation-name.ts';
import type { JarvisSettings } from './settings.ts';
import type { LoginShared } from './log-in.ts';

export type { Account, Credentials };

/** Options of every scenario in this package. */
export interface JarvisScenarioOptions {
  /** Which contract the target speaks; see `detectDialect`. */
  readonly dialect: Dialect;
  readonly credentials: Credentials;
  /**
   * Part, in brackets, of titles and messages (but interruptions of `chat-socket`), so that data of a run can be told from real
   * data. `teardown` deletes every conversation whose title contains it in brackets: no other title may.
   */
  readonly runId: string;
  /**
   * `shared`: one login for all users, made in `setup` with the first account. `per-user`: one login per user, accounts
   * assigned in turn.
   * @default 'shared'
   */
  readonly identity?: 'shared' | 'per-user';
  /**
   * Recordings that the voice scenarios transcribe, and whose sentences they synthesize, in the language of the
   * settings. Voice scenarios require at least one; the folder `recordings` of this package contains some.
   * @default []
   */
  readonly recordings?: readonly Recording[];
  /** @default {} */
  readonly settings?: Partial<JarvisSettings>;
  /** Settings of `chat-socket`, by their names after `--set`; others among them are left alone. @default {} */
  readonly socket?: SettingTexts;
  /** Delete the conversations of the run in `teardown`, if the dialect can. @default true */
  readonly cleanUp?: boolean;
  /** Clock for token lifetimes, Unix time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** A part of a scenario that is left out and reported: the dialect does not support it, or a given token leaves no login. */
export interface NotOffered {
  readonly scenario: string;
  /** The task or step. */
  readonly part: string;
  /** Operations that the dialect lacks; empty when the part is left out for another reason. */
  readonly operations: readonly OperationName[];
  readonly text: string;
}

/** A scenario of this package: an engine definition, and its left-out parts. */
export interface JarvisScenario<State = unknown> extends ScenarioDefinition<LoginShared, State> {
  readonly description: string;
  readonly notOffered: readonly NotOffered[];
}
