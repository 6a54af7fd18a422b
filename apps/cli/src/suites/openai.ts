import { openAiSuite } from '@jarvis-load/jarvis/openai-suite';
import type { CliSuite } from './cli-suite.ts';
import { filesFor } from './suite-files.ts';

/** The suite of the OpenAI-style API with what it reads from files. */
export const openAi: CliSuite = { ...openAiSuite, readFiles: filesFor };
