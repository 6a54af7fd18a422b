import { decode } from '@msgpack/msgpack';
import type { ClassCounts, MasterMessage, SpawnMessage } from './master-message.ts';

/** A `spawn` with every option of a master is about 2 KB. */
const MOST_BYTES = 1024 * 1024;
const MOST_CLASSES = 1000;
const MOST_USERS = 1_000_000;
const LONGEST_NAME = 200;
/** Longest `--stop-timeout` that is taken as it is. */
const LONGEST_STOP_MS = 24 * 3600 * 1000;

const LIMITS = {
  maxStrLength: 65_536,
  maxBinLength: 65_536,
  maxArrayLength: 10_000,
  maxMapLength: 10_000,
  maxExtLength: 1024,
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one frame from a master: MessagePack of `[type, data, node id]`. Never throws: what cannot be read, or would
 * set impossible numbers of users, is `unreadable` with the reason.
 */
export function readMessage(frame: Uint8Array): MasterMessage {
  if (frame.byteLength > MOST_BYTES) return unreadable(`it has ${frame.byteLength} bytes`);
  let decoded: unknown;
  try {
    decoded = decode(frame, LIMITS);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : 'it is no MessagePack');
  }
  if (!Array.isArray(decoded) || decoded.length !== 3) return unreadable('it is no array of three');
  const [type, data] = decoded as [unknown, unknown, unknown];
  if (typeof type !== 'string') return unreadable('its type is no text');
  switch (type) {
    case 'spawn':
      return readSpawn(data);
    case 'ack': {
      const index = isFields(data) ? data['index'] : undefined;
      return { type, index: Number.isInteger(index) ? (index as number) : undefined };
    }
    case 'stop':
    case 'quit':
    case 'heartbeat':
    case 'reconnect':
    case 'spawning_complete':
      return { type };
    default:
      return { type: 'other', name: type.slice(0, LONGEST_NAME) };
  }
}

function readSpawn(data: unknown): SpawnMessage | MasterMessage {
  if (!isFields(data)) return unreadable('a spawn without data');
  const { timestamp, user_classes_count, host, stop_timeout, parsed_options } = data;
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp))
    return unreadable('a spawn without a timestamp');
  const counts = readCounts(user_classes_count);
  if (typeof counts === 'string') return unreadable(`a spawn with ${counts}`);
  const seconds = typeof stop_timeout === 'number' && stop_timeout > 0 ? stop_timeout : 0;
  return {
    type: 'spawn',
    timestamp,
    counts,
    host: typeof host === 'string' && host !== '' ? host.slice(0, LONGEST_NAME) : undefined,
    stopTimeoutMs: Math.min(seconds * 1000, LONGEST_STOP_MS),
    resetStats: isFields(parsed_options) && parsed_options['reset_stats'] === true,
  };
}

/** Users by class; a text says what is wrong with them. */
function readCounts(given: unknown): ClassCounts | string {
  if (!isFields(given)) return 'no user_classes_count';
  const entries = Object.entries(given);
  if (entries.length > MOST_CLASSES) return `${entries.length} classes`;
  let sum = 0;
  for (const [name, users] of entries) {
    if (name.length > LONGEST_NAME) return 'a class name that is too long';
    if (typeof users !== 'number' || !Number.isInteger(users) || users < 0)
      return 'a number of users that is no whole number';
    sum += users;
  }
  if (sum > MOST_USERS) return `${sum} users`;
  return Object.fromEntries(entries) as ClassCounts;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(problem: string): MasterMessage {
  return { type: 'unreadable', problem };
}
