import type { ScenarioDefinition } from '@jarvis-load/engine';
import { askCommand, COMMAND, DEV_KEY } from './command.ts';
import { spokenTurn, type VoiceTurnOptions } from './voice-turn.ts';

/**
 * A turn by voice over the routes that Jarvis of 2026 serves: speech in, the answer of the command, speech out. It needs no chat
 * completions.
 * @throws JarvisError `invalid_option` without recordings, and for one that is not base64
 */
export function voiceCommand(options: Omit<VoiceTurnOptions, 'answerTokens' | 'good'>): ScenarioDefinition {
  const token = options.token ?? DEV_KEY;
  return spokenTurn(
    'voice-command',
    { ...options, token },
    {
      operation: COMMAND,
      ask: (user, said) => askCommand(user, said, token),
    },
  );
}
