import { scenarioByName } from '@jarvis-load/jarvis';
import { jarvisSuite } from '@jarvis-load/jarvis/suite';
import { recordingsFor } from './read-recordings.ts';
import type { CliSuite } from './suites.ts';

/** The Jarvis suite with what it needs of this machine: recordings from files, and the built-in mock. */
export const jarvis: CliSuite = {
  ...jarvisSuite,
  readFiles: (scenarios, settings) =>
    recordingsFor(
      scenarios.map(({ name }) => scenarioByName(name)),
      settings,
    ),
  // The mock needs the same transcripts to recognise these recordings.
  mockSettings: ({ recordings = '' }) =>
    recordings === '' ? [] : [`transcription.recordings=${recordings}`],
};
