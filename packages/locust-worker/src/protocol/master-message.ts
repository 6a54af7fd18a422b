/** Users by class name. */
export type ClassCounts = Readonly<Record<string, number>>;

/** Users of this worker from now on: absolute numbers, not changes. */
export interface SpawnMessage {
  readonly type: 'spawn';
  /** Clock of the master, seconds. An older or equal one than the last is out of date. */
  readonly timestamp: number;
  readonly counts: ClassCounts;
  /** As typed into the master's page or command line; undefined: none. Untrusted text. */
  readonly host: string | undefined;
  /** `--stop-timeout` of the master: how long running iterations may take to end. */
  readonly stopTimeoutMs: number;
  /** `--reset-stats` of the master. */
  readonly resetStats: boolean;
}

/** What a master sends, as `readMessage` reads it. */
export type MasterMessage =
  | SpawnMessage
  | { readonly type: 'ack'; readonly index: number | undefined }
  | { readonly type: 'stop' | 'quit' | 'heartbeat' | 'reconnect' | 'spawning_complete' }
  /** Of no meaning to this worker; the name is untrusted text. */
  | { readonly type: 'other'; readonly name: string }
  /** Not a message of a Locust master. */
  | { readonly type: 'unreadable'; readonly problem: string };
