import type {
  Operation,
  ScenarioDefinition,
  SettingSchema,
  SettingTexts,
  StreamEvent,
  StreamPart,
} from '@jarvis-load/engine';
import { isRecord } from '../dialects/rules.ts';
import { DEV_KEY } from './command.ts';
import { settingReader } from './setting-reader.ts';

/** Frames come every 150 ms: without one for so long the socket counts as broken. */
const IDLE_TIMEOUT_MS = 5000;
/** Status of a frame after the language model has failed. */
const FAILED = 'CRITICAL';

/** The telemetry socket of Jarvis of 2026: frames on its state, each of which is a content. */
export const TELEMETRY: Operation = {
  name: 'telemetry',
  method: 'GET',
  route: '/api/v2/jarvis/ws',
  stream: 'websocket',
  endsWith: 'close',
  idleTimeout: IDLE_TIMEOUT_MS,
  decode: decodeFrame,
};

/** The settings of the scenario, by their names after `--set`. */
export const TELEMETRY_SETTINGS = {
  'telemetry.seconds': {
    type: 'number',
    description: 'Seconds that each listener stays on the telemetry socket',
    default: 10,
    minimum: 0.1,
    maximum: 3600,
  },
} as const satisfies Readonly<Record<string, SettingSchema>>;

/** Throws for what is no frame, which ends the stream as `invalid_body`. */
function decodeFrame({ data }: StreamEvent): StreamPart {
  const frame: unknown = JSON.parse(data);
  if (!isRecord(frame) || typeof frame['speech_status'] !== 'string')
    throw new TypeError('the frame has no speech_status');
  return frame['speech_status'] === FAILED
    ? { kind: 'error', message: `speech_status ${FAILED}` }
    : { kind: 'data' };
}

/** The path with its token, which the socket takes in no header. @param token undefined: the developers' key */
export function telemetryPath(token = DEV_KEY): string {
  return `${TELEMETRY.route}?token=${encodeURIComponent(token)}`;
}

/**
 * Listeners on the telemetry socket: time to the first frame, and gaps between frames. Each leaves after some seconds, which is
 * the outcome `hung_up`.
 * @param texts other settings among them are left alone
 * @throws JarvisError `invalid_setting`
 */
export function telemetry({
  token,
  settings: texts,
}: {
  readonly token: string | undefined;
  readonly settings: SettingTexts;
}): ScenarioDefinition {
  const seconds = settingReader(TELEMETRY_SETTINGS, texts).number('telemetry.seconds');
  return {
    name: 'telemetry',
    description: 'Listeners on the telemetry socket of Jarvis of 2026: first frame, gaps between frames',
    operations: [TELEMETRY],
    // Listeners that left before any frame: their time to it is not known, and not in `ttft`.
    metrics: [{ name: 'left_waiting', kind: 'rate' }],
    async run(user) {
      const frames = user.stream({
        operation: TELEMETRY.name,
        path: telemetryPath(token),
        hangUpAfterMs: seconds * 1000,
        timeoutMs: (seconds + 60) * 1000,
      });
      const { outcome } = await frames.response;
      user.record('left_waiting', outcome === 'hung_up' && frames.arrivalsMs.length === 0 ? 1 : 0);
    },
    thresholds: {
      ttft: ['p(95)<800'],
      // The 95th percentile of `ttft` is known as long as fewer than 5 % of the listeners are missing in it.
      left_waiting: ['rate<0.05'],
      chunk_gap: ['p(99)<500'],
      http_req_failed: ['rate<0.01'],
    },
    demand: { iterationSeconds: seconds, requests: { [TELEMETRY.name]: 1 } },
  };
}
