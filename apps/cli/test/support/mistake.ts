import type { LoadSettings } from '../../src/options/load-settings.ts';

export const HEAD = `import { defineScenario } from '@jarvis-load/engine';\n`;
export const OPERATIONS = `operations: [{ name: 'cart', method: 'GET', route: '/cart' }]`;
export const RUN = `run: async (user) => void (await user.request({ operation: 'cart', path: '/cart' }))`;
/** A file without a mistake. */
export const GOOD = `${HEAD}export default defineScenario({ name: 'shop', ${OPERATIONS}, ${RUN} });\n`;

/** A test file with a mistake, and what is said of it. */
export interface Mistake {
  readonly files?: Readonly<Record<string, string>>;
  /** @default shop.ts */
  readonly given?: string;
  readonly settings?: LoadSettings;
  /** Parts of the message. */
  readonly says: readonly (string | RegExp)[];
  /** Place in the message, such as `shop.ts:2:5`. */
  readonly at?: string;
  /** The marked line of the code. */
  readonly code?: string;
  /** Part of what was expected, or of the next step. */
  readonly helps: string;
}
