import { accessSource, schemaSource } from './answer-schema.ts';
import type { BodyFiles } from './body-files.ts';
import type { CorrelatedRequest, Extraction } from './correlate.ts';
import { around, braces, brackets, call, layOut, type Source } from './layout.ts';
import type { ImportedRequest } from './model.ts';
import { pascalName, type Names } from './names.ts';
import type { Operations } from './operations.ts';
import { optionSources, type CommonHeaders } from './request-source.ts';
import { comment, literal } from './source-text.ts';
import type { Step } from './steps.ts';

/** What the code of a journey needs of its file. */
export interface JourneyContext {
  readonly operations: Operations;
  readonly common: CommonHeaders;
  readonly files: BodyFiles;
  readonly names: Names;
  /** Receives the constants of schemas. */
  readonly schemas: Source[];
}

const INDENT = 4;

/** The lines of `run`. */
export function runLines(steps: readonly Step[], context: JourneyContext): string[] {
  return steps.flatMap((step) => {
    const [only] = step.requests;
    return [
      ...(step.thinkSeconds === 0 ? [] : [line(`await user.think(${step.thinkSeconds});`)]),
      ...(only !== undefined && step.requests.length === 1
        ? requestLines(only, context)
        : batchLines(step.requests, context)),
    ];
  });
}

function line(source: Source): string {
  return layOut(source, INDENT);
}

function commentLines({ comment: text }: ImportedRequest): string[] {
  return text === undefined || text.trim() === '' ? [] : [line(comment(text))];
}

function requestLines({ request, extractions }: CorrelatedRequest, context: JourneyContext): string[] {
  const sent = sentSource(request, context);
  if (extractions.length === 0) return [...commentLines(request), line(around('await ', sent, ';'))];
  if (isPage(extractions)) {
    const page = context.names.take('page', 'page');
    return [
      ...commentLines(request),
      line(around(`const ${page} = await `, sent, ';')),
      ...extractionLines(extractions, page),
    ];
  }
  const { schema, variable } = schemaOf(request, extractions, context);
  return [
    ...commentLines(request),
    line(around(`const ${variable} = (await `, sent, `).json(${schema});`)),
    ...extractionLines(extractions, variable),
  ];
}

/** The call that sends one request. */
function sentSource(request: ImportedRequest, { operations, common, files }: JourneyContext): Source {
  const options = optionSources(request, common, files);
  const short = operations.shortForm(request);
  if (short !== undefined)
    return call(short, [literal(request.route), ...(options.length === 0 ? [] : [braces(options)])]);
  return call('user.request', [braces([`operation: ${literal(operations.nameOf(request))}`, ...options])]);
}

function batchLines(requests: readonly CorrelatedRequest[], context: JourneyContext): string[] {
  const { operations, common, files, names } = context;
  const specs = requests.map(({ request }) => {
    const name = literal(operations.nameOf(request));
    const options = optionSources(request, common, files);
    return options.length === 0 ? name : braces([`operation: ${name}`, ...options]);
  });
  const sent = call('await user.batch', [brackets(specs)], ';');
  const comments = requests.flatMap(({ request }) => commentLines(request));
  if (requests.every(({ extractions }) => extractions.length === 0)) return [...comments, line(sent)];
  const answers = names.take('answers', 'answers');
  const reads = requests.flatMap(({ request, extractions }, place) => {
    if (extractions.length === 0) return [];
    if (isPage(extractions)) return extractionLines(extractions, `${answers}[${place}]`, '?.');
    const { schema, variable } = schemaOf(request, extractions, context);
    return [
      line(`const ${variable} = ${answers}[${place}]?.json(${schema});`),
      ...extractionLines(extractions, variable),
    ];
  });
  return [...comments, line(around(`const ${answers} = `, sent)), ...reads];
}

/** A schema for the answer of a request, and a variable for the answer. */
function schemaOf(
  { route }: ImportedRequest,
  extractions: readonly Extraction[],
  { names, schemas }: JourneyContext,
): { readonly schema: string; readonly variable: string } {
  const word = route.split('/').findLast((part) => part !== '' && !part.includes('{')) ?? '';
  const schema = names.take(pascalName(word), 'Answer');
  schemas.push(around(`const ${schema} = `, schemaSource(extractions), ';'));
  const variable = names.take(`${schema[0]!.toLowerCase()}${schema.slice(1)}Answer`, 'answer');
  return { schema, variable };
}

/** Whether the values are in HTML: an answer is either a page or JSON. */
function isPage(extractions: readonly Extraction[]): boolean {
  return extractions.some(({ pattern }) => pattern !== undefined);
}

/**
 * Reads the values of an answer; the iteration ends where one without `otherwise` is missing.
 * @param dot before a member of the answer
 */
function extractionLines(extractions: readonly Extraction[], answer: string, dot = '.'): string[] {
  const needed = extractions.filter(({ otherwise }) => otherwise === undefined);
  return [
    ...extractions.map(({ variable, path, otherwise, pattern, skip }) => {
      if (pattern !== undefined) {
        const text = dot === '.' ? `${answer}.text()` : `${answer}?.text() ?? ''`;
        const source = pattern.replaceAll('/', String.raw`\/`);
        const found =
          skip === undefined
            ? `/${source}/i.exec(${text})`
            : `[...(${text}).matchAll(/${source}/gi)][${skip}]`;
        return line(`const ${variable} = ${found}?.[1];`);
      }
      const instead = otherwise === undefined ? '' : ` ?? ${literalOf(otherwise)}`;
      return line(`const ${variable} = ${accessSource(answer, path)}${instead};`);
    }),
    ...(needed.length === 0
      ? []
      : [line(`if (${needed.map(({ variable }) => `${variable} === undefined`).join(' || ')}) return;`)]),
  ];
}

function literalOf(value: string | number): string {
  return typeof value === 'string' ? literal(value) : String(value);
}
