import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { RunResult } from '@jarvis-load/engine';

/** The built program that the launcher starts. */
export const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
/** Every process of a workspace has this variable, so that no other process is mistaken for one of them. */
const MARK = 'JARVIS_TEST_MARK';

/** Result of a command that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A running command. */
export interface Started {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Waits until stderr or stdout matches. */
  says(pattern: RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** A temporary working directory, and processes marked as belonging to it. */
export class Workspace {
  readonly directory = mkdtempSync(join(tmpdir(), 'jarvis-load-cli-'));
  readonly #mark = randomUUID();

  /** Variables of its processes: those of this one, without what would configure the program. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
    const outer = Object.entries(process.env).filter(
      ([key]) =>
        !/^(JARVIS_|NX_|GITHUB_|API_URL$|USERS$|SPAWN_RATE$|RUN_TIME$|MODE$|TIME_SCALE$|FORCE_COLOR$)/.test(
          key,
        ),
    );
    return {
      ...Object.fromEntries(outer),
      XDG_STATE_HOME: join(this.directory, '.state'),
      ...more,
      [MARK]: this.#mark,
    };
  }

  /** @param through command that starts the program, such as `npx` */
  start(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    through: readonly string[] = [process.execPath, PROGRAM],
  ): Started {
    const [command = '', ...words] = [...through, ...args];
    const child = spawn(command, words, {
      cwd: this.directory,
      env: this.environment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
    const ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      out,
      err,
    }));
    return {
      child,
      out: () => out,
      err: () => err,
      says: (pattern) =>
        vi
          .waitUntil(
            () => {
              if (child.exitCode !== null)
                throw new Error(`it ended (${child.exitCode}) saying:\n${err}\n${out}`);
              return pattern.test(err) || pattern.test(out);
            },
            { timeout: 60_000, interval: 20 },
          )
          .then(() => undefined),
      ended,
    };
  }

  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(args, environment).ended;
  }

  /** Ids of the running processes of this workspace. */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const alive = !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
          return alive && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${this.#mark}`);
        } catch {
          return false;
        }
      });
  }

  /** Resolves when all processes of this workspace have ended. */
  async emptied(withinMs = 3000): Promise<void> {
    await vi.waitUntil(() => this.processes().length === 0, { timeout: withinMs, interval: 20 });
  }

  file(...path: string[]): string {
    return readFileSync(join(this.directory, ...path), 'utf8');
  }

  files(...path: string[]): string[] {
    return readdirSync(join(this.directory, ...path)).toSorted();
  }

  /** The document of the latest run. */
  result(): RunResult {
    return JSON.parse(this.file('results', 'latest', 'result.json')) as RunResult;
  }

  /** Removes the directory and kills processes left over by a failed test. */
  remove(): void {
    for (const pid of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // The process has already exited.
      }
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
