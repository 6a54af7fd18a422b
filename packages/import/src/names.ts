/** Names that a test file uses itself (add what `writeTest` begins to use), and those that are no identifiers in a module. */
const TAKEN =
  'arguments async await break case catch class const continue debugger default delete do else enum eval export extends false feeder file finally for function if implements import in instanceof interface let new null of package private process protected public return secrets settings static super switch this throw true try type typeof undefined user var void while with yield defineScenario objectives beforeRun afterRun headers scenario Type BeforeRun console Object String Number Buffer URL'.split(
    ' ',
  );
const MOST_LETTERS = 40;

/** The words of a text in plain letters and digits. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '');
}

/** `order` for `orders`, `category` for `categories`. */
export function singular(word: string): string {
  if (/ies$/i.test(word)) return word.replace(/ies$/i, 'y');
  return /(ss|us|is)$/i.test(word) ? word : word.replace(/s$/i, '');
}

function cut(name: string): string {
  return name.slice(0, MOST_LETTERS);
}

/** `orderId` for `order id`; empty where no letter is left. */
export function camelName(text: string): string {
  const name = wordsOf(text)
    .map((word, place) =>
      place === 0 ? word.toLowerCase() : `${word[0]!.toUpperCase()}${word.slice(1).toLowerCase()}`,
    )
    .join('');
  return cut(name.replace(/^\d+/, ''));
}

/** `OrderId` for `order id`. */
export function pascalName(text: string): string {
  const name = camelName(text);
  return name === '' ? '' : `${name[0]!.toUpperCase()}${name.slice(1)}`;
}

/** Hands out identifiers of a module, each once. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set([...TAKEN, ...taken]);
  }

  /** The name, or the name with a number. @param usual for a name without letters */
  take(name: string, usual: string): string {
    const wanted = name === '' ? usual : name;
    let free = wanted;
    for (let number = 2; this.#taken.has(free); number++) free = `${wanted}${number}`;
    this.#taken.add(free);
    return free;
  }
}
