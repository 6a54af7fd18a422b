import { jarvisSuite } from '@jarvis-load/jarvis/suite';
import type { CliSuite } from './cli-suite.ts';
import { filesFor } from './suite-files.ts';

/** The Jarvis suite with what it needs of this machine: recordings and prompts from files, and the built-in mock. */
export const jarvis: CliSuite = {
  ...jarvisSuite,
  readFiles: filesFor,
  // The mock needs the same transcripts to recognise these recordings.
  mockSettings: ({ recordings = '' }) =>
    recordings === '' ? [] : [`transcription.recordings=${recordings}`],
};
