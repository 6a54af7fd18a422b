import { describe, expect, it } from 'vitest';
import { ImportError } from '../src/import-error.ts';
import type { ImportedRequest } from '../src/model.ts';
import { readCurl } from '../src/read-curl.ts';
import { writeTest } from '../src/write-test.ts';

function requests(...texts: readonly string[]): readonly ImportedRequest[] {
  return readCurl(texts).journeys[0]!.requests;
}

const TARGET = 'http://127.0.0.1:3000';

describe('curl commands', () => {
  it('end at a semicolon, but not at one in a word or in quotes', () => {
    const read = requests(
      `cd /tmp; curl ${TARGET}/a; curl '${TARGET}/b; c' -d "x; y"; curl ${TARGET}/d;v=1 -H $'x: it\\'s; 1' -d 'C:\\'; echo`,
    );
    expect(read.map(({ route }) => route)).toEqual(['/a', '/b;%20c', '/d;v=1']);
    expect(read[1]?.body).toMatchObject({ kind: 'form', fields: [['x; y', '']] });
    expect(read[2]?.headers).toContainEqual(['x', "it's; 1"]);
    expect(JSON.stringify(read[2]?.body)).toContain('C:\\\\');
  });

  it('have no think time between them: the comment of `demand` says which load needs one', () => {
    const { source } = writeTest(readCurl([`curl ${TARGET}/a`]), { from: 'a.sh', locate: (path) => path });
    expect(source).toMatch(
      /with --rate it bounds [^\n]*; --users need a think time\.\n\s+demand: \{\s*iterationSeconds: 0,/,
    );
  });

  it.each([
    ['quoted', `<<'END'`, 'END'],
    ['plain', '<<EOF', 'EOF'],
    ['indented', '<<- "X_1"', '\t X_1'],
  ])('take their body from a %s here-document', (_kind, start, end) => {
    const [first, second] = requests(
      `curl -X PUT ${TARGET}/a -H 'content-type: application/json' -d @- ${start} | jq .\n{"note": "it's",\n "n": 1}\n${end}\ncurl ${TARGET}/b`,
    );
    expect(first).toMatchObject({
      method: 'PUT',
      body: { kind: 'json', value: { note: "it's", n: 1 } },
    });
    expect(second?.route).toBe('/b');
  });

  it.each(['-d@-', '--data=@-', '--data-binary @-'])('take it with %s', (option) => {
    const [request] = requests(`curl ${TARGET} ${option} <<END\n{"a": "$&"}\nEND`);
    expect(JSON.stringify(request?.body)).toContain('$&');
  });

  it('without one are refused when their body is standard input', () => {
    expect(() => requests(`curl ${TARGET} -d @-`)).toThrow('standard input');
  });

  it.each([
    [`title="tea; \\"cups\\" \\\\ more"`, 'tea; "cups" \\ more'],
    [`title="tea";type=text/plain`, 'tea'],
    [`title=say "tea"`, 'say "tea"'],
    [`title=a; b`, 'a; b'],
  ])('have the field of -F %s without its quotes', (field, value) => {
    expect(requests(`curl ${TARGET} -F '${field}'`)[0]?.body).toEqual({
      kind: 'multipart',
      parts: [['title', { kind: 'value', value }]],
    });
  });

  it('name a file in quotes, with settings behind it', () => {
    expect(
      requests(`curl ${TARGET} -F 'photo=@"my \\"cup\\"; 1.jpg";type=image/jpeg;filename="a.jpg"'`)[0]?.body,
    ).toEqual({
      kind: 'multipart',
      parts: [['photo', { kind: 'file', path: 'my "cup"; 1.jpg', type: 'image/jpeg', name: 'a.jpg' }]],
    });
  });

  it('of PowerShell have lines that go on behind a backtick, and quotes behind a backslash', () => {
    expect(
      requests(
        `curl.exe -X POST ${TARGET}/a \`\r\n  -H "content-type: application/json" \`\r\n  -d '{\\"n\\": 1}'`,
      )[0],
    ).toMatchObject({ method: 'POST', route: '/a', body: { kind: 'json', value: { n: 1 } } });
  });

  it.each([
    [`-d ''`, 'POST', { kind: 'form', fields: [] }],
    [`-X PUT -d ''`, 'PUT', { kind: 'form', fields: [] }],
    [`-d '' -H 'content-type: application/json'`, 'POST', undefined],
    [`-G -d ''`, 'GET', undefined],
    [`-I -d ''`, 'HEAD', { kind: 'form', fields: [] }],
  ])('with an empty body have the method of one: %s', (options, method, body) => {
    const [request] = requests(`curl ${TARGET}/a ${options}`);
    expect([request?.method, request?.body]).toEqual([method, body]);
  });

  it.each([
    `curl 'http://ada:word@no host/?key=word'`,
    `curl 'http://ada:word@one.test/a?key=word' http://two.test/b`,
  ])('are refused without credentials in the error: %#', (text) => {
    expect(() => requests(text)).toThrow(ImportError);
    expect(() => requests(text)).not.toThrow(/word/);
  });

  it.each([
    [`curl "${TARGET}" ^\r\n -H "a: b"`, 'Windows command line'],
    [`Invoke-WebRequest -Uri "${TARGET}"`, 'no curl command'],
  ])('are refused with the way out: %j', (text, problem) => {
    expect(() => requests(text)).toThrow(problem);
    expect(() => requests(text)).toThrow(
      expect.objectContaining({ next: 'in the browser: Copy as cURL (bash)' }),
    );
  });

  it('take the last of an option that is given twice, and all cookies', () => {
    const [request] = requests(
      `curl -u a:1 -u b:2 -b x=1 --cookie 'y=2' --json '{"a":' --json '1}' ${TARGET}/a # comment; curl ${TARGET}/c\n# curl ${TARGET}/b`,
    );
    expect(request?.body).toMatchObject({ kind: 'json', value: { a: 1 } });
    expect(request?.headers).toEqual([
      ['authorization', `Basic ${btoa('b:2')}`],
      ['cookie', 'x=1'],
      ['cookie', 'y=2'],
      ['accept', 'application/json'],
    ]);
    expect(requests(`curl ${TARGET}/a#b # c`)).toHaveLength(1);
    const { source } = writeTest(readCurl([`curl -b x=1 -b y=2 ${TARGET}`]), {
      from: 'curl',
      locate: (file) => file,
    });
    expect(source).toMatch(/secrets\.LOAD_COOKIE \+ '; ' \+ secrets\.LOAD_COOKIE2/);
  });

  it.each([
    ['-H @more.txt', '/a', 'the headers of the file more.txt are left out'],
    ["-H 'Host: shop.example'", '/a', 'the header host is left out'],
    ['', '/items/[1-3]', 'a request for each of [1-3]'],
    ['', '/{a,b}', 'a request for each of {a,b}'],
  ])('say what they leave out: %s %s', (option, path, says) => {
    expect(readCurl([`curl ${option} '${TARGET}${path}'`]).notes).toEqual([expect.stringContaining(says)]);
    expect(readCurl([`curl -g '${TARGET}/[1-3]?q[0]=1'`]).notes).toEqual([]);
  });

  // Checked against curl 7.88.1.
  it.each([
    ["--url-query 'q=a&b'", 'q', 'a&b'],
    ["--url-query 'q=a+b %41'", 'q', 'a+b %41'],
    ["--url-query '=a&b'", 'a&b', ''],
    ["--url-query 'a@b=c@d'", 'a@b', 'c@d'],
    ["--url-query '+q=a+b%41'", 'q', 'a bA'],
    ["-G --data-urlencode 'q=a+b'", 'q', 'a+b'],
    ["-G -d 'q=a+b'", 'q', 'a b'],
  ])('have the query of %s', (option, name, value) => {
    const [request] = requests(`curl ${option} '${TARGET}/a?x=1'`);
    expect(request?.query).toEqual([
      ['x', '1'],
      [name, value],
    ]);
  });

  it.each(['--url-query q@names.txt', '--url-query @names.txt', '-G -d @names.txt'])(
    'cannot read a file for the query: %s',
    (option) => {
      expect(() => requests(`curl ${option} ${TARGET}`)).toThrow(/names\.txt reads a file for the query/);
    },
  );

  it('that are no curl lines say how to get one', () => {
    for (const text of [`fetch("${TARGET}", { "method": "GET" });`, `Invoke-WebRequest -Uri "${TARGET}"`]) {
      expect(() => requests(text)).toThrow(
        expect.objectContaining({ next: 'in the browser: Copy as cURL (bash)' }),
      );
    }
  });
});
