import { basename } from 'node:path';
import { nearestName } from '@jarvis-load/engine';
import type { VirtualUser } from '@jarvis-load/engine';

/** Every member of a user; a type error here when one is missing. */
const METHODS: Readonly<Record<keyof VirtualUser, true>> = {
  id: true,
  iteration: true,
  iterationInRun: true,
  arrival: true,
  request: true,
  get: true,
  head: true,
  post: true,
  put: true,
  patch: true,
  delete: true,
  batch: true,
  group: true,
  feed: true,
  stop: true,
  stream: true,
  open: true,
  check: true,
  think: true,
  record: true,
  random: true,
};

/** Methods that users of other tools look for. */
const FOREIGN: Readonly<Record<string, string>> = {
  sleep: 'await user.think(1), in seconds, or user.think({ min: 1, max: 3 })',
  wait: 'await user.think(1), in seconds, or user.think({ min: 1, max: 3 })',
  pause: 'await user.think(1), in seconds, or user.think({ min: 1, max: 3 })',
  del: 'user.delete',
  fetch: "user.get('/path') or user.post('/path', { json: ... })",
  options: "user.request({ operation: ... }) of an operation with the method 'OPTIONS'",
};

/** Names that code uses without an import, or that other tools or CommonJS define, each with what replaces it. */
const UNDEFINED: Readonly<Record<string, string>> = {
  user: 'the user is the first parameter: run: async (user) => { ... }',
  defineScenario: "import { defineScenario } from '@jarvis-load/engine', without type",
  feeder: "import { feeder } from '@jarvis-load/engine'",
  file: "import { file } from '@jarvis-load/engine'",
  Type: "import { Type } from 'typebox'",
  __dirname: "import.meta.dirname, or new URL('./users.csv', import.meta.url) for a file beside this one",
  __filename: 'import.meta.filename',
  __ENV: "process.env['NAME']",
  __VU: 'user.id',
  __ITER: 'user.iteration',
  http: "requests are those of the user: await user.get('/path')",
  sleep: 'await user.think(1), in seconds',
  check: "user.check(answer, { 'is 200': (a) => a.status === 200 })",
  group: "await user.group('name', async () => { ... })",
  open: 'readFileSync of node:fs, or feeder.csv for rows',
};

/** Whether it is the name of a member of a user. */
export function isUserMethod(name: string): boolean {
  return Object.hasOwn(METHODS, name);
}

/** The next step for an error that code of a test file threw; `undefined` where its message says all there is to say. */
export function nextStep(message: string): string | undefined {
  const [, object, method] = /([\w$]+|\))\.(\w+) is not a function/.exec(message) ?? [];
  if (object !== undefined && method !== undefined) {
    if (['json', 'text', 'bytes'].includes(method))
      return `put await before the request: without it, there is a promise in place of the answer`;
    if (Object.hasOwn(FOREIGN, method)) return FOREIGN[method];
    // A name that is taken has a number in the compiled file.
    const isUser = /^user\d*$/.test(object);
    if (isUser && isUserMethod(method))
      return 'look at which user this is: that of the engine is the first parameter of run, setup, onStart and tasks';
    const near = isUser ? nearestName(method, Object.keys(METHODS)) : undefined;
    return near === undefined ? undefined : `did you mean user.${near}?`;
  }
  const [, name] = /\b(\w+) is not defined/.exec(message) ?? [];
  if (name !== undefined && Object.hasOwn(UNDEFINED, name)) return UNDEFINED[name];
  const [, missing] = /\bENOENT\b[^']*'([^']+)'/.exec(message) ?? [];
  if (missing !== undefined)
    return `correct the path: one beside the test file, whatever the working directory, is new URL('./${basename(missing)}', import.meta.url)`;
  return undefined;
}
