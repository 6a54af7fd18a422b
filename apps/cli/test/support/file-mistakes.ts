import { MISTAKES_OF_EXPORTS } from './file-mistakes-of-exports.ts';
import { GOOD, HEAD, OPERATIONS, RUN, type Mistake } from './mistake.ts';

/** A scenario over several lines, with a part added on line 4. */
const withPart = (part: string): string =>
  `${HEAD}export default defineScenario({\n  name: 'shop',\n  ${part}\n  ${OPERATIONS},\n  ${RUN},\n});\n`;

/** Mistakes that show before a target is contacted. */
export const MISTAKES: Readonly<Record<string, Mistake>> = {
  ...MISTAKES_OF_EXPORTS,
  'the file is missing': { files: {}, says: ['shop.ts: there is no such file'], helps: 'init' },
  'the name is misspelt': {
    files: { 'shop.ts': GOOD },
    given: './shpo.ts',
    says: ['./shpo.ts: there is no such file'],
    helps: 'did you mean ./shop.ts?',
  },
  'the extension is left out': {
    files: { 'shop.ts': GOOD },
    given: 'shop',
    says: ['no such file'],
    helps: 'shop.ts?',
  },
  'a folder is given': {
    files: { 'tests/shop.ts': GOOD },
    given: 'tests',
    says: ['tests: a folder'],
    helps: 'tests/shop.ts',
  },
  'an empty folder is given': {
    files: { 'none/.keep': '' },
    given: 'none',
    says: ['none: a folder without a file of tests'],
    helps: 'init',
  },
  'a CommonJS extension': {
    files: { 'shop.cjs': 'module.exports = {};' },
    given: 'shop.cjs',
    says: ['a CommonJS file (.cjs)'],
    helps: 'rename it to shop.mjs',
  },
  'a CommonJS extension of TypeScript': {
    files: { 'shop.cts': 'export = {};' },
    given: 'shop.cts',
    says: ['a CommonJS file (.cts)'],
    helps: 'rename it to shop.mts',
  },
  'module.exports in a .js file': {
    files: { 'shop.js': `const name = 'shop';\nmodule.exports = { name };\n` },
    given: 'shop.js',
    says: ['a CommonJS module'],
    at: 'shop.js:2:1',
    code: 'module.exports = { name };',
    helps: 'export default',
  },
  'a Python file': {
    files: { 'locustfile.py': '' },
    given: 'locustfile.py',
    says: ['a .py file'],
    helps: '.ts',
  },
  'a syntax error': {
    files: { 'shop.ts': `${HEAD}export default defineScenario({\n  name: 'shop'\n  ${OPERATIONS},\n});\n` },
    says: ['Expected "}" but found "operations"'],
    at: 'shop.ts:4:3',
    code: OPERATIONS,
    helps: 'correct the line',
  },
  'await outside of an async function': {
    files: {
      'shop.ts': `${HEAD}export default defineScenario({ name: 'shop', ${OPERATIONS},\n  run: (user) => { await user.request({ operation: 'cart', path: '/' }); } });\n`,
    },
    says: ['"await" can only be used inside an "async" function'],
    at: 'shop.ts:3:20',
    helps: 'correct',
  },
  'a package that is not installed': {
    files: { 'shop.ts': `import { faker } from '@faker-js/faker/x';\nexport const x = faker;\n${GOOD}` },
    says: ['cannot find the package "@faker-js/faker/x"'],
    at: 'shop.ts:1:23',
    helps: 'npm install @faker-js/faker',
  },
  'a neighbour that is missing': {
    files: { 'shop.ts': `import { sum } from './sums';\nexport const x = sum;\n${GOOD}` },
    says: ['cannot find the file "./sums"'],
    at: 'shop.ts:1:21',
    helps: 'correct the path',
  },
  'a neighbour without that export': {
    files: {
      'shop.ts': `import { sum } from './sums.ts';\nexport const x = sum;\n${GOOD}`,
      'sums.ts': 'export const su = 1;',
    },
    says: ['No matching export in "sums.ts" for import "sum"'],
    at: 'shop.ts:1:10',
    helps: 'correct',
  },
  'a syntax error in a neighbour': {
    files: { 'shop.ts': `import './sums.ts';\n${GOOD}`, 'sums.ts': '\nconst a = ;\n' },
    says: ['shop.ts: Unexpected ";"'],
    at: 'sums.ts:2:11',
    helps: 'correct',
  },
  'code that throws': {
    files: {
      'shop.ts': `${HEAD}interface A { b: string }\nconst key: A = JSON.parse('null');\nconsole.log(key.b);\n${GOOD.slice(HEAD.length)}`,
    },
    says: ['threw while it was loaded', 'TypeError'],
    at: 'shop.ts:4:17',
    code: 'console.log(key.b);',
    helps: '--debug',
  },
  'a module of k6': {
    files: { 'shop.js': `import http from 'k6/http';\nexport default () => http.get('/');\n` },
    given: 'shop.js',
    says: ['imports "k6/http", a module that only k6 has'],
    at: 'shop.js:1:18',
    helps: 'coming-from.md',
  },
  'process.exit': {
    files: { 'shop.ts': `process.exit(0);\n${GOOD}` },
    says: ['process.exit(0) would end the run without a result'],
    at: 'shop.ts:1:9',
    helps: 'correct the code',
  },
  'a CSV file that is missing': {
    files: {
      'shop.ts': `${HEAD}import { feeder } from '@jarvis-load/engine';\nexport const rows = feeder.csv(new URL('./user.csv', import.meta.url), { columns: ['name'] });\n`,
    },
    says: [/shop\.ts: feeder 'user\.csv' cannot be read: ENOENT/],
    at: 'shop.ts:3:28',
    helps: "new URL('./user.csv', import.meta.url)",
  },
  'a CSV file beside the test file, from another folder': {
    files: {
      'tests/shop.ts': `${HEAD}import { feeder } from '@jarvis-load/engine';\nexport const rows = feeder.csv('./users.csv');\n`,
      'tests/users.csv': 'name\nann\n',
    },
    given: 'tests/shop.ts',
    says: [
      "feeder 'users.csv' cannot be read: ENOENT",
      'expected a path from the working directory, or new URL(',
    ],
    at: 'tests/shop.ts:3:28',
    helps: "new URL('./users.csv', import.meta.url)",
  },
  'a file that code reads from another folder': {
    files: {
      'shop.ts': `import { readFileSync } from 'node:fs';\nexport const text = readFileSync('./no.json', 'utf8');\n`,
    },
    says: ['threw while it was loaded: Error: ENOENT'],
    at: 'shop.ts:2:21',
    helps: "new URL('./no.json', import.meta.url)",
  },
  'code of a neighbour that throws': {
    files: {
      'shop.ts': `import './boot.ts';\n${GOOD}`,
      'boot.ts': `type A = string;\nthrow new Error('no key' as A);\n`,
    },
    says: ['threw while it was loaded: Error: no key'],
    at: 'boot.ts:2:7',
    helps: '--debug',
  },
  'a scenario without defineScenario': {
    files: { 'shop.ts': `export default {\n  name: 'shop',\n  operations: ['GET /cart'],\n  ${RUN},\n};\n` },
    says: ["operations[0] is 'GET /cart'; expected an operation"],
    at: 'shop.ts:3:17',
    helps: 'defineScenario({ ... })',
  },
  'an address in an operation': {
    files: { 'shop.ts': GOOD.replace(OPERATIONS, `operations: ['GET http://localhost/cart']`) },
    says: ['expected a method and a route', 'another one is given by bases'],
    at: 'shop.ts:2:16',
    helps: 'correct the line',
  },
  'an empty list': {
    files: { 'shop.ts': 'export default [];\n' },
    says: ['its list of scenarios is empty'],
    at: 'shop.ts:1:8',
    helps: 'at least one',
  },
  'a k6 function instead of a scenario': {
    files: { 'shop.ts': `export default function () {\n  fetch;\n}\n` },
    says: ['a function that returns nothing'],
    at: 'shop.ts:1:8',
    helps: 'return defineScenario',
  },
  'a default function that does what a user does': {
    files: { 'shop.ts': `export default async function (user: any) {\n  await user.get('/');\n}\n` },
    says: ['threw while it made its scenarios', 'user.get is not a function'],
    at: 'shop.ts:2:14',
    helps: 'a default function gets the settings and returns scenarios; what a user does is run: ',
  },
  'a function that throws': {
    files: { 'shop.ts': `export default () => {\n  throw new Error('no stock');\n};\n` },
    says: ['threw while it made its scenarios: Error: no stock'],
    at: 'shop.ts:2:9',
    helps: '--debug',
  },
  'a scenario without a name': {
    files: { 'shop.ts': GOOD.replace(`name: 'shop', `, '') },
    says: ['scenario 1', 'name'],
    helps: 'your-own-tests.md',
  },
  'a scenario without operations': {
    files: { 'shop.ts': GOOD.replace(`${OPERATIONS}, `, '') },
    says: ["scenario 'shop'", 'operations'],
    at: 'shop.ts:2:',
    helps: 'your-own-tests.md',
  },
  'a scenario that does nothing': {
    files: { 'shop.ts': GOOD.replace(`, ${RUN}`, '') },
    says: ['has neither run nor tasks'],
    at: 'shop.ts:2:',
    helps: 'your-own-tests.md',
  },
  'run of a wrong type': {
    files: { 'shop.ts': GOOD.replace(RUN, `run: 'GET /cart'`) },
    says: ["run is 'GET /cart'"],
    at: 'shop.ts:2:',
    helps: 'your-own-tests.md',
  },
  'a misspelt part of a scenario': {
    files: { 'shop.ts': withPart(`treshholds: { http_req_failed: ['rate<0.01'] },`) },
    says: ["unknown part of a scenario 'treshholds'", "Did you mean 'thresholds'?"],
    at: 'shop.ts:4:3',
    code: 'treshholds:',
    helps: 'your-own-tests.md',
  },
  'a method in lower case': {
    files: { 'shop.ts': GOOD.replace(`'GET'`, `'get'`) },
    says: [/method is 'get'/],
    at: 'shop.ts:2:',
    helps: 'your-own-tests.md',
  },
  'a threshold that is none': {
    files: { 'shop.ts': withPart(`thresholds: { http_req_duration: ['p95<500'] },`) },
    says: ['p95<500'],
    at: 'shop.ts:4:',
    helps: 'your-own-tests.md',
  },
  'a threshold of a group without its path': {
    files: {
      'shop.ts': withPart(`thresholds: { 'group_duration{group:checkout}': ['p(95)<500'] },`),
    },
    says: ['a group is named by its path; expected "group:::checkout"'],
    at: 'shop.ts:4:18',
    helps: 'your-own-tests.md',
  },
  'a part of the load in the scenario': {
    files: { 'shop.ts': withPart(`vus: 5,`) },
    says: ["has 'vus', which is a part of its executor"],
    at: 'shop.ts:4:3',
    helps: 'your-own-tests.md',
  },
  'an option of the run in the scenario': {
    files: { 'shop.ts': withPart(`cookies: true,`) },
    says: ["has 'cookies', which is an option of the run: --cookies"],
    at: 'shop.ts:4:3',
    helps: 'your-own-tests.md',
  },
  'a weight below 0': {
    files: {
      'shop.ts': withPart(`tasks: [{ name: 'a', weight: -1, run: async () => {} }],`).replace(
        `  ${RUN},\n`,
        '',
      ),
    },
    says: ['tasks[0].weight is -1'],
    at: 'shop.ts:4:24',
    helps: 'your-own-tests.md',
  },
  'a threshold on an unknown operation': {
    files: { 'shop.ts': withPart(`thresholds: { 'http_req_duration{operation:carts}': ['p(95)<500'] },`) },
    says: ['carts'],
    at: 'shop.ts:4:',
    helps: 'your-own-tests.md',
  },
  'a misspelt option of the load': {
    files: { 'shop.ts': withPart(`executor: { kind: 'constant-vus', vuz: 3, duration: '1s' },`) },
    says: ["unknown executor option 'vuz'", "Did you mean 'vus'?"],
    at: 'shop.ts:4:',
    helps: 'your-own-tests.md',
  },
  'two scenarios of one name': {
    files: {
      'shop.ts': `${GOOD}export const other = defineScenario({ name: 'shop', ${OPERATIONS}, ${RUN} });\n`,
    },
    says: ['two scenarios are named "shop"', 'rename one of them'],
    at: 'shop.ts:2:',
    helps: 'your-own-tests.md',
  },
  'an objective on an unknown operation': {
    files: { 'shop.ts': `${GOOD}export const objectives = [{ operation: 'card', p95Ms: 200 }];\n` },
    says: ['the operation "card"'],
    at: 'shop.ts:3:',
    helps: 'did you mean cart?',
  },
  'an objective without an operation': {
    files: { 'shop.ts': `${GOOD}export const objectives = [{ op: 'cart', p95Ms: 200 }];\n` },
    says: ["unknown option 'objectives[0].op'"],
    at: 'shop.ts:3:',
    helps: "{ operation: 'cart', p95Ms: 200 }",
  },
  'an objective with a misspelt limit': {
    files: { 'shop.ts': `${GOOD}export const objectives = [{ operation: 'cart', p95: 200 }];\n` },
    says: ["unknown option 'objectives[0].p95'", 'p95Ms'],
    at: 'shop.ts:3:49',
    helps: "{ operation: 'cart', p95Ms: 200 }",
  },
  'an unknown scenario': {
    files: { 'shop.ts': GOOD },
    settings: { scenario: ['shp'] },
    says: ['unknown scenario "shp"'],
    helps: 'did you mean shop?',
  },
  'an unknown setting': {
    files: { 'shop.ts': `${GOOD}export const settings = { size: { type: 'integer', default: 3 } };\n` },
    settings: { set: { sise: '3' } },
    says: ['unknown setting "sise"'],
    helps: 'did you mean size?',
  },
  'a setting of a wrong type': {
    files: { 'shop.ts': `${GOOD}export const settings = { size: { type: 'integer', default: 3 } };\n` },
    settings: { set: { size: 'big' } },
    says: ['size=big', 'must be integer'],
    helps: 'size: integer, default 3',
  },
  'a setting with a wrong prefix': {
    files: { 'shop.ts': `${GOOD}export const settings = { size: { type: 'integer', default: 3 } };\n` },
    settings: { set: { 'shp.size': '3' } },
    says: ['unknown setting "shp.size"'],
    helps: 'did you mean size?',
  },
  'a setting that is no schema': {
    files: { 'shop.ts': `${GOOD}export const settings = { amount: 3 };\n` },
    says: ['its setting amount is a number'],
    at: 'shop.ts:3:27',
    helps: 'Type.Integer',
  },
  'a setting of an unknown type': {
    files: { 'shop.ts': `${GOOD}export const settings = { size: { type: 'integr' } };\n` },
    says: ['its setting size has the type "integr"'],
    at: 'shop.ts:3:27',
    helps: 'did you mean integer?',
  },
  'a default that does not fit': {
    files: { 'shop.ts': `${GOOD}export const settings = { size: { type: 'integer', default: 'x' } };\n` },
    says: ['the default of setting "size" does not fit its schema: "x"'],
    helps: 'correct the default',
  },
  'a setting without a value': {
    files: { 'shop.ts': `${GOOD}export const settings = { size: { type: 'integer' } };\n` },
    says: ['setting "size" has no value'],
    helps: '--set size=<value>',
  },
};
