import { CORE_BOUNDS, CORE_PATTERNS } from '@jarvis-load/jarvis';

interface Bounds {
  readonly min: number;
  readonly max: number;
}

const USERNAME = new RegExp(CORE_PATTERNS.username);
const BASE64 = new RegExp(CORE_PATTERNS.base64);

/** Lengths are in UTF-8 bytes, although the messages say characters. `min` is 0 or 1. */
function refuseText(what: string, value: string, { min, max }: Bounds): string | undefined {
  const length = Buffer.byteLength(value);
  if (length < min) return `${what} cannot be empty`;
  if (length > max) return `${what} too long (max ${max} characters)`;
  return value.includes('\0') ? `${what} contains null bytes` : undefined;
}

function refuseNumber(what: string, value: number, { min, max }: Bounds): string | undefined {
  return value < min || value > max ? `${what} must be between ${min} and ${max}` : undefined;
}

/** `<what>: <reason>` of a 400, or undefined. */
const named = (what: string, reason: string | undefined): string | undefined =>
  reason === undefined ? undefined : `${what}: ${reason}`;

/** Checks the format only: the core accepts any username with any password. */
export function refuseCredentials(username: string, password: string): string | undefined {
  const reason =
    refuseText('Username', username, CORE_BOUNDS.usernameBytes) ??
    (USERNAME.test(username) ? undefined : 'Username contains invalid characters') ??
    refuseText('Password', password, CORE_BOUNDS.passwordBytes);
  return named('Invalid credentials', reason);
}

/** Checks a chat message. Whitespace alone is accepted. */
export const refuseMessage = (content: string): string | undefined =>
  named('Invalid message', refuseText('Message', content, CORE_BOUNDS.messageBytes));

/** Checks a conversation id; any string within the length bounds is accepted, UUID or not. */
export const refuseConversationId = (id: string | null | undefined): string | undefined =>
  id === null || id === undefined
    ? undefined
    : named('Invalid conversation ID', refuseText('Conversation ID', id, CORE_BOUNDS.conversationIdBytes));

/** Checks a memory to store. */
export function refuseMemory(content: string, importance: number | null | undefined): string | undefined {
  return (
    named('Invalid content', refuseText('Content', content, CORE_BOUNDS.memoryBytes)) ??
    named('Invalid importance', refuseNumber('Importance', importance ?? 0.5, CORE_BOUNDS.importance))
  );
}

/** Checks a search. */
export function refuseSearch(query: string, limit: number | null | undefined): string | undefined {
  return (
    named('Invalid query', refuseText('Query', query, CORE_BOUNDS.queryBytes)) ??
    named('Invalid limit', refuseNumber('Limit', limit ?? 1, CORE_BOUNDS.searchLimit))
  );
}

/** Checks a text-to-speech request. The core only logs a voice that does not match the pattern. */
export function refuseSpeech(
  text: string,
  voice: string | null | undefined,
  speed: number | null | undefined,
): string | undefined {
  return (
    named('Invalid text', refuseText('Text', text, CORE_BOUNDS.speechBytes)) ??
    named('Invalid voice', refuseText('Voice', voice ?? '', CORE_BOUNDS.voiceBytes)) ??
    named('Invalid speed', refuseNumber('Speed', speed ?? 1, CORE_BOUNDS.speed))
  );
}

/** Checks a speech-to-text request: the base64 alphabet is checked, the audio is not decoded. */
export function refuseAudio(audio: string, language: string | null | undefined): string | undefined {
  const reason =
    refuseText('Audio data', audio, CORE_BOUNDS.audioCharacters) ??
    (BASE64.test(audio) ? undefined : 'Audio data is not valid base64');
  return (
    named('Invalid audio data', reason) ??
    named('Invalid language', refuseText('Language', language ?? '', CORE_BOUNDS.languageBytes))
  );
}
