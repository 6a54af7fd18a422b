import type { CommandContext } from '../commands/command.ts';
import { usageError } from '../cli-error.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { openTarget, OpenTarget } from '../target/open-target.ts';

/**
 * Which addresses a session takes as targets, besides mock, local and the names of the config file: none of its own for a
 * client such as a web page, `any` where the owner of this machine names the target on the command line.
 */
export type TargetChoice = 'any' | readonly string[];

/**
 * Opens targets of a session, and keeps the last one open: a mock goes on from run to run. Callers do not close the targets that
 * they get; the session closes the last one.
 */
export class SessionTarget {
  readonly #open: typeof openTarget;
  readonly #context: CommandContext;
  readonly #choice: TargetChoice;
  /** Targets are opened and closed one after the other, also where a preparation was given up. */
  #last: Promise<unknown> = Promise.resolve();
  #kept: { readonly key: string; readonly target: OpenTarget } | undefined;

  constructor(open: typeof openTarget, context: CommandContext, choice: TargetChoice) {
    this.#open = open;
    this.#context = context;
    this.#choice = choice;
  }

  /**
   * The target of the settings: the one that is open, where it is the same mock with the same settings.
   * @throws CliError exit 2, 3 or 4; MockError for settings of the mock; Interrupted after a signal
   */
  open(settings: LoadSettings, mockSettings: readonly string[]): Promise<OpenTarget> {
    return this.#next(() => this.#openNow(settings, mockSettings));
  }

  /** Closes the target, and ends a mock that was started for it. */
  close(): Promise<void> {
    return this.#next(() => this.#closeNow());
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #openNow(settings: LoadSettings, mockSettings: readonly string[]): Promise<OpenTarget> {
    const { target: name = 'local' } = settings;
    // A steering client may be a web page: it chooses among what the owner of this machine has configured.
    if (this.#choice !== 'any' && /[:/]/.test(name) && !this.#choice.includes(name)) {
      throw usageError(
        'session-target',
        `target "${name}" is an address`,
        'mock, local, or the name of a target in the config file',
      );
    }
    const key = JSON.stringify([
      name,
      mockSettings,
      settings.ca,
      settings.cert,
      settings.key,
      settings.config,
    ]);
    // The permission of a configured target may have changed or expired: only a mock is kept.
    if (this.#kept?.key === key && name === 'mock') return this.#kept.target;
    await this.#closeNow();
    const target = await this.#open(settings, mockSettings, this.#context);
    this.#kept = { key, target };
    return target;
  }

  async #closeNow(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.target.close();
  }
}
