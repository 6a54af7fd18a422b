import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '@jarvis-load/engine/result';
import type { CliError } from '../cli-error.ts';
import type { SourcePlace } from './code-frame.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { isNode, nameOf, placeOf, syntaxOf, within, type Syntax } from './syntax.ts';

/*
 * The calls of a test file that start requests or waits and that nothing awaits, by the syntax of the compiled module. A promise
 * that is kept and never awaited is not found: it may be awaited elsewhere.
 */

/** Most calls that are shown. */
const MOST = 5;
/** Methods of a user that return a promise of what they do. */
const METHODS: ReadonlySet<unknown> = new Set(
  'request get head post put patch delete batch group open think'.split(' '),
);
/** Functions of a scenario, or of one of its tasks, whose first parameter is looked at: the user. */
const OF_USER: ReadonlySet<unknown> = new Set(['run', 'onStart', 'onStop']);
const PROMISE_METHODS: ReadonlySet<unknown> = new Set(['then', 'catch', 'finally']);
const COMBINED: ReadonlySet<unknown> = new Set(['all', 'allSettled', 'race', 'any']);

interface Found {
  readonly node: Syntax;
  readonly isLoop: boolean;
  /** `void user.get('/')`: it may be meant. */
  readonly isVoid: boolean;
}

/**
 * What of a test file is not awaited, each with its place and the next step; empty where no such call is found. The code may hold
 * secrets, as in `exceptionErrors`.
 * @param always without it only where the verdict says that iterations ended before what they had started: a request that ends within
 *   a later wait is not seen there
 */
export function unawaitedCalls(
  { verdict }: Pick<RunResult, 'verdict'>,
  file: CompiledFile,
  always = false,
): readonly CliError[] {
  const isSeen = verdict.reasons.some(({ code }) => code === 'not-awaited');
  if (!isSeen && !always) return [];
  const placed = placedCalls(file).filter(({ isVoid }) => isSeen || !isVoid);
  return placed.slice(0, MOST).map(({ isLoop, place }, index) =>
    fileError(
      {
        code: 'file-not-awaited',
        problem:
          placed.length === 1 || !isSeen
            ? `${file.given}: this call is not awaited`
            : `${file.given}: one of these ${placed.length} calls is not awaited (${index + 1})`,
        place,
        next: isLoop
          ? 'for (const item of list) { await ... }, or await Promise.all(list.map(async (item) => { ... }))'
          : 'put await before it',
      },
      file.cwd,
    ),
  );
}

/** None where the compiled module cannot be read or parsed: the run has its verdict, and its exit code must not change. */
function placedCalls(file: CompiledFile): readonly (Found & { readonly place: SourcePlace })[] {
  try {
    const text = readFileSync(fileURLToPath(file.module), 'utf8');
    return findCalls(syntaxOf(text)).flatMap((found) => {
      const place = placeOf(found.node, text, file);
      return place === undefined ? [] : [{ ...found, place }];
    });
  } catch {
    return [];
  }
}

function findCalls(program: Syntax): readonly Found[] {
  const nodes = [...within(program)];
  const functions = new Map(nodes.flatMap(namedFunctions));
  const users = new Set(
    nodes.flatMap((node) => {
      if (node.type !== 'Property' || !OF_USER.has(nameOf(node['key']))) return [];
      const value = node['value'];
      return firstParameter(functions.get(nameOf(value)) ?? value);
    }),
  );
  return nodes.flatMap((node): Found[] => {
    const isVoid = node.type === 'UnaryExpression' && node['operator'] === 'void';
    if (node.type !== 'ExpressionStatement' && !isVoid) return [];
    const call = callIn(isVoid ? node['argument'] : node['expression']);
    if (call === undefined) return [];
    const isLoop = isAsyncLoop(call);
    return isLoop || isOfUser(call, users) || isHelper(call, users, functions)
      ? [{ node: call, isLoop, isVoid }]
      : [];
  });
}

/** `function visit() {}` and `const visit = async () => {}`. */
function namedFunctions(node: Syntax): readonly (readonly [string | undefined, Syntax])[] {
  if (node.type === 'FunctionDeclaration') return [[nameOf(node['id']), node]];
  const value = node.type === 'VariableDeclarator' ? node['init'] : undefined;
  return isFunction(value) ? [[nameOf(node['id']), value]] : [];
}

function isFunction(value: unknown): value is Syntax {
  return isNode(value) && /^(ArrowFunction|Function)/.test(value.type);
}

function firstParameter(value: unknown): readonly string[] {
  const [first] = isFunction(value) ? (value['params'] as readonly unknown[]) : [];
  const name = nameOf(first);
  return name === undefined ? [] : [name];
}

/** The call in `user.get('/').then(...)`, `(user.get('/'))` and `user?.get('/')`. */
function callIn(expression: unknown): Syntax | undefined {
  if (!isNode(expression)) return undefined;
  if (expression.type === 'ChainExpression' || expression.type === 'ParenthesizedExpression')
    return callIn(expression['expression']);
  if (expression.type === 'UnaryExpression' && expression['operator'] === 'void') return undefined;
  if (expression.type !== 'CallExpression') return undefined;
  const { method, object } = calleeOf(expression);
  return PROMISE_METHODS.has(method) ? callIn(object) : expression;
}

function calleeOf(call: Syntax): { readonly method?: string | undefined; readonly object?: unknown } {
  const callee = call['callee'];
  return isNode(callee) && callee.type === 'MemberExpression'
    ? { method: nameOf(callee['property']), object: callee['object'] }
    : {};
}

function argumentsOf(call: Syntax): readonly unknown[] {
  return call['arguments'] as readonly unknown[];
}

/** `user.get(...)`, or `Promise.all(...)`. */
function isOfUser(call: Syntax, users: ReadonlySet<string>): boolean {
  const { method, object } = calleeOf(call);
  const name = nameOf(object) ?? '';
  return (users.has(name) && METHODS.has(method)) || (name === 'Promise' && COMBINED.has(method));
}

/** `visit(user)` of an async function of the file. */
function isHelper(
  call: Syntax,
  users: ReadonlySet<string>,
  functions: ReadonlyMap<string | undefined, Syntax>,
): boolean {
  const helper = functions.get(nameOf(call['callee']) ?? '');
  return helper?.['async'] === true && argumentsOf(call).some((each) => users.has(nameOf(each) ?? ''));
}

/** `list.forEach(async (item) => { ... })` */
function isAsyncLoop(call: Syntax): boolean {
  const [work] = argumentsOf(call);
  const { method } = calleeOf(call);
  return (method === 'forEach' || method === 'map') && isFunction(work) && work['async'] === true;
}
