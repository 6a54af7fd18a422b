import { GOOD, type Mistake } from './mistake.ts';

/** Mistakes in what a test file exports. */
export const MISTAKES_OF_EXPORTS: Readonly<Record<string, Mistake>> = {
  'no export': {
    files: { 'shop.ts': GOOD.replace('export default', 'const shop =') },
    says: ['exports nothing'],
    at: 'shop.ts:2:14',
    helps: 'export default defineScenario',
  },
  'an empty file': { files: { 'shop.ts': '' }, says: ['exports nothing'], helps: 'export default' },
  'only helpers exported': {
    files: { 'shop.ts': 'export const size = 3;\nexport const add = (a: number) => a + 1;' },
    says: ['exports no scenario, only add, size'],
    helps: 'export default',
  },
  'a number exported': {
    files: { 'shop.ts': 'export default 5;\n' },
    says: ['scenario 1 is 5; expected a scenario'],
    at: 'shop.ts:1:8',
    helps: 'your-own-tests.md',
  },
  'a class': {
    files: { 'shop.ts': `export default class Shop {\n  run() {}\n}\n` },
    says: ['its default export is a class'],
    at: 'shop.ts:1:8',
    helps: 'defineScenario',
  },
  'scenarios by name': {
    files: { 'shop.ts': `${GOOD.replace('export default', 'const a =')}export default { a };\n` },
    says: ['an object of scenarios'],
    at: 'shop.ts:3:8',
    helps: 'a list: [a]',
  },
  'a list that is not the default export': {
    files: { 'shop.ts': `${GOOD.replace('export default', 'const a =')}export const scenarios = [a];\n` },
    says: ['exports no scenario, only scenarios'],
    at: 'shop.ts:3:14',
    helps: 'export default scenarios',
  },
  'a misspelt name of an export': {
    files: { 'shop.ts': `${GOOD}export const objektives = [];\n` },
    says: ['unknown export objektives'],
    at: 'shop.ts:3:14',
    helps: 'did you mean objectives?',
  },
  'options of k6': {
    files: {
      'shop.ts': `${GOOD}export const options = { thresholds: { http_req_failed: ['rate<0.01'] } };\n`,
    },
    says: ['exports options, which nothing reads'],
    at: 'shop.ts:3:14',
    helps: 'promises: its thresholds',
  },
  'thresholds that are exported': {
    files: { 'shop.ts': `${GOOD}export const thresholds = { http_req_failed: ['rate<0.01'] };\n` },
    says: ['exports thresholds, which nothing reads'],
    at: 'shop.ts:3:14',
    helps: 'defineScenario({ thresholds:',
  },
  'options of k6 beside others of the name': {
    files: {
      'shop.ts': `${GOOD}const get = (path: string, options: { thresholds: number }) => [path, options.thresholds];
export const options = { thresholds: { http_req_failed: ['rate<0.01'] } };
export const more = { options: get('options', { thresholds: 1 }) }; // as options
`,
    },
    says: ['exports options, which nothing reads'],
    at: 'shop.ts:4:14',
    helps: 'promises: its thresholds',
  },
  'thresholds that are exported later, and set': {
    files: {
      'shop.ts': `${GOOD}let promises = {};\npromises = { checks: ['rate>0.9'] };\nexport { promises as thresholds };\n`,
    },
    says: ['exports thresholds, which nothing reads'],
    at: 'shop.ts:3:5',
    helps: 'defineScenario({ thresholds:',
  },
  'handleSummary of k6, beside a function': {
    files: {
      'shop.ts': `${GOOD.replace('export default', 'const made =')}export const handleSummary = () => ({});\nexport default () => made;\n`,
    },
    says: ['exports handleSummary, which nothing reads'],
    at: 'shop.ts:3:14',
    helps: 'afterRun',
  },
  'objectives that are no list': {
    files: { 'shop.ts': `${GOOD}export const objectives = { cart: 200 };\n` },
    says: ['its export objectives is an object'],
    at: 'shop.ts:3:14',
    helps: 'a list',
  },
};
