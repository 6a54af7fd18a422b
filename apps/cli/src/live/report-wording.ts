import type { Wording } from '@jarvis-load/live';
import { missedInWords, stageBands, verdictInWords } from '@jarvis-load/reporter';

/** The sentences of the report, for the live page. */
export const REPORT_WORDING: Wording = {
  missed: missedInWords,
  verdict: verdictInWords,
  stages: stageBands,
};
