/** Names and descriptions of the presets. `MockConfigSchema` repeats the names, README.md both (`test/readme.test.ts`). */
export const MOCK_PRESETS = [
  { name: 'typical', description: 'Realistic latencies; the objectives of the suite are met with a margin' },
  { name: 'fast', description: 'No artificial latency: what the mock itself can serve' },
  {
    name: 'degraded',
    description: 'Slow, and one answer in seventeen is a 500: the objectives are clearly missed',
  },
  { name: 'rate-limited', description: 'The documented limits hold: chat 60, voice 30, search 100 a minute' },
  {
    name: 'flaky',
    description: 'One to two percent of each fault: 5xx, reset, truncation, hang, garbage, wrong JSON',
  },
  { name: 'freeze', description: 'After 8 s, and then every 20 s, nothing is answered for 2 s' },
] as const;

/** A preset's name. */
export type MockPreset = (typeof MOCK_PRESETS)[number]['name'];

const none = {
  probability: 0,
  everyNth: null,
  operations: null,
  window: { startMs: 0, durationMs: null, everyMs: null },
};
const lognormal = (p50Ms: number, p95Ms: number) => ({ kind: 'lognormal', p50Ms, p95Ms });

/**
 * Default settings, which are those of preset `typical`.
 *
 * Must hold: every required key of `MockConfigSchema` is here, and all values are JSON, because they are copied as JSON; a
 * preset below names only what it changes.
 */
export const DEFAULT_SETTINGS = {
  preset: 'typical',
  dialect: 'documented',
  seed: 1,
  auth: {
    secret: 'jarvis-mock-secret-for-load-tests-only',
    tokenLifetimeMs: null,
    accounts: ['admin:admin123'],
    anyAccount: false,
  },
  latency: {
    default: lognormal(5, 12),
    health: lognormal(2, 5),
    ready: lognormal(2, 5),
    metrics: lognormal(3, 8),
    'auth.login': lognormal(60, 110),
    'chat.send': lognormal(120, 220),
    'chat.conversations': lognormal(12, 28),
    'chat.history': lognormal(18, 40),
    'chat.create': lognormal(15, 35),
    'chat.delete': lognormal(12, 30),
    'memory.store': lognormal(25, 60),
    'memory.search': lognormal(40, 90),
    'memory.list': lognormal(20, 45),
    'voice.synthesize': lognormal(450, 850),
    'voice.transcribe': lognormal(550, 1000),
    ws: lognormal(120, 220),
    'openai.chat': lognormal(180, 400),
    'openai.models': lognormal(3, 8),
    'openai.speech': lognormal(250, 500),
    'openai.transcriptions': lognormal(550, 1000),
    command: lognormal(300, 700),
  },
  capacity: { all: null },
  rateLimits: {
    enabled: false,
    scope: 'token',
    chat: { requests: 60, windowMs: 60_000 },
    voice: { requests: 30, windowMs: 60_000 },
    search: { requests: 100, windowMs: 60_000 },
    login: { requests: null, windowMs: 60_000 },
    all: { requests: null, windowMs: 60_000 },
  },
  faults: {
    server_error: { ...none, status: 500 },
    reset: none,
    truncated: none,
    hang: none,
    garbage: none,
    wrong_json: none,
    slow: { ...none, spreadMs: 2000 },
    stall: { ...none, pauseMs: 15_000 },
    cut: none,
    empty: none,
    in_band_error: none,
    slow_first_byte: { ...none, delayMs: 5000 },
    spareOperations: ['auth.login'],
    sparePhases: ['probe', 'setup', 'prepare', 'warm-up'],
  },
  freeze: { startMs: 0, durationMs: 0, everyMs: null },
  stores: { conversations: 5000, messagesPerConversation: 50, memories: 2000, textBytes: 64 * 1024 * 1024 },
  countedRuns: 64,
  transcription: { wordErrorRate: 0, recordings: null },
  llm: {
    models: ['jarvis-mock'],
    apiKey: null,
    prefills: null,
    prefillMsPerToken: 0.2,
    gap: lognormal(18, 35),
    gapGrowth: 0.005,
    answerTokens: { kind: 'lognormal', p50: 60, p95: 180 },
    reasoningTokens: { kind: 'constant', tokens: 0 },
    tokensPerEvent: 1,
    head: 'at-once',
    roleEvent: 'with-first-token',
    keepAliveMs: null,
    splitCharacters: false,
    stamps: false,
  },
  speech: { chunkMs: 100, realTimeFactor: 0.4, gapGrowth: 0.02, head: 'at-once' },
  jarvis: { telemetryMs: 150, devKey: 'dev-key' },
  corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
};

/** Settings that each preset overrides. */
export const PRESET_SETTINGS: Record<MockPreset, object> = {
  typical: {},
  // `null` removes an entry, so that `default` applies to every operation.
  fast: {
    latency: {
      ...Object.fromEntries(Object.keys(DEFAULT_SETTINGS.latency).map((name) => [name, null])),
      default: { kind: 'constant', ms: 0 },
    },
    llm: { gap: { kind: 'constant', ms: 0 }, gapGrowth: 0, prefillMsPerToken: 0 },
    speech: { realTimeFactor: 0, gapGrowth: 0 },
  },
  degraded: {
    latency: {
      'chat.send': lognormal(550, 1400),
      'chat.conversations': lognormal(180, 450),
      'chat.history': lognormal(150, 400),
      'memory.store': lognormal(200, 500),
      'memory.search': lognormal(320, 800),
      'voice.synthesize': lognormal(1800, 3600),
      'voice.transcribe': lognormal(2300, 4500),
      ws: lognormal(550, 1400),
      'openai.chat': lognormal(900, 2600),
      'openai.speech': lognormal(1200, 2400),
      'openai.transcriptions': lognormal(2300, 4500),
      command: lognormal(1400, 3200),
    },
    llm: { gap: lognormal(60, 220) },
    speech: { realTimeFactor: 0.9, gapGrowth: 0.05 },
    faults: { server_error: { probability: 0.06 } },
  },
  'rate-limited': { rateLimits: { enabled: true } },
  flaky: {
    faults: {
      server_error: { probability: 0.02 },
      reset: { probability: 0.02 },
      truncated: { probability: 0.02 },
      hang: { probability: 0.01 },
      garbage: { probability: 0.02 },
      wrong_json: { probability: 0.02 },
      slow: { probability: 0.02 },
    },
  },
  freeze: { freeze: { startMs: 8000, durationMs: 2000, everyMs: 20_000 } },
};
