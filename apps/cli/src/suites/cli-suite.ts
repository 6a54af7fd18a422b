import type { Credentials, Identity, SettingTexts, Suite } from '@jarvis-load/engine';
import type { ResultNote } from '@jarvis-load/engine/result';
import type { CompiledFile } from '../test-file/compile-file.ts';
import type { SettingValues } from '../test-file/read-settings.ts';

/** What the scenarios of a file are made from; plain data, as each thread makes its own. */
export interface FileOrigin {
  readonly file: CompiledFile;
  readonly settings: SettingValues;
  readonly credentials: Credentials | undefined;
  readonly identity: Identity;
}

/** A suite in the command line. Its profiles, if it has any, include `smoke`: see `defaultProfile` and `levelShape`. */
export type CliSuite = Suite & {
  /** Settings of the built-in mock that follow from those of the scenarios, in the mock's syntax. @default none */
  mockSettings?(settings: SettingTexts): readonly string[];
  /** Of a test file: what another thread makes it from. @default one of {@link SUITES} */
  readonly origin?: FileOrigin;
  /** What is printed before a run, and noted in its document. @default none */
  readonly notes?: readonly ResultNote[];
};
