import { expect, it } from 'vitest';
import { readCurl } from '../src/read-curl.ts';
import { readHar } from '../src/read-har.ts';
import { secretsInText } from '../src/secrets-in-text.ts';
import { writeTest } from '../src/write-test.ts';

const SECRET = 's3cret-pw';
const URL = 'http://127.0.0.1:3000/login';

const BODIES: readonly (readonly [form: string, type: string, text: string])[] = [
  ['JSON', 'application/json', `{"user":"ada","password":"${SECRET}"}`],
  ['JSON without a content type', '', `{"user":"ada","password":"${SECRET}"}`],
  ['JSON as text', 'text/plain;charset=UTF-8', `{"user": "ada", "password" : "${SECRET}"}`],
  ['JSON with a long number', 'application/json', `{"id":1234567890123456789,"password":"${SECRET}"}`],
  ['JSON in JSON', 'application/json', JSON.stringify({ a: JSON.stringify({ password: SECRET, b: 1 }) })],
  [
    'JSON in JSON as text',
    'text/plain',
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ password: SECRET }) }) }),
  ],
  ['JSON in a form', 'application/x-www-form-urlencoded', `a=${encodeURIComponent(`{"token":"${SECRET}"}`)}`],
  ['JSON with names beside values', 'application/json', `[{"name":"password","value":"${SECRET}"}]`],
  [
    'JSON with an object of credentials',
    'application/json',
    `{"credentials":[{"type":"a","value":"${SECRET}"}]}`,
  ],
  [
    'JSON with a second password',
    'application/json',
    `{"password_confirmation":"${SECRET}","password2":"${SECRET}"}`,
  ],
  ['lines of JSON', 'application/x-ndjson', `{"password":"${SECRET}"}\n{"password":"${SECRET}"}`],
  ['XML', 'application/xml', `<login type="a"><user>ada</user><password>${SECRET}</password></login>`],
  ['SOAP', 'text/xml', `<wsse:Password Type="a#b">\n<![CDATA[${SECRET}]]></wsse:Password>`],
  ['an attribute of XML', 'application/xml', `<login user="ada" password='${SECRET}'/>`],
  ['a form', 'application/x-www-form-urlencoded', `user=ada&password=${SECRET}`],
  ['a form of Rails', 'application/x-www-form-urlencoded', `user%5Bname%5D=ada&user%5Bpassword%5D=${SECRET}`],
  ['a form as text', 'text/plain', `user%5Bname%5D=ada&user%5Bpassword%5D=${SECRET}&b=1`],
  ['fields in lines', 'text/plain', `user=ada\r\npassword=${SECRET}\r\n`],
  ['an address in JSON', 'application/json', `{"next":"http://a.test/?b=1&access_token=${SECRET}"}`],
  ['an address with credentials', 'text/uri-list', `http://ada:${SECRET}@a.test/`],
  [
    'GraphQL',
    'application/json',
    JSON.stringify({ query: `mutation { login(password: "${SECRET}") { id } }` }),
  ],
  ['GraphQL as text', 'application/graphql', `mutation { login(user: "ada", password: "${SECRET}") { id } }`],
  ['YAML', 'application/yaml', `user: ada\npassword: ${SECRET}\n`],
  ['a token of its own', 'text/plain', `Authorization: Bearer ${SECRET}`],
  [
    'a part of a multipart body',
    'text/plain',
    `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${SECRET}\r\n--x--`,
  ],
  [
    'a file in a multipart body',
    'multipart/form-data; boundary=x',
    `--x\r\nContent-Disposition: form-data; name="a"; filename="a.json"\r\n\r\n{"password":"${SECRET}"}\r\n--x--\r\n`,
  ],
];

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function fromCurl(type: string, text: string): string {
  const header = type === '' ? '' : `-H ${quoted(`content-type: ${type}`)}`;
  return writeTest(readCurl([`curl ${URL} ${header} --data-raw ${quoted(text)}`]), {
    from: 'curl',
    locate: (path) => path,
  }).source;
}

function fromHar(type: string, text: string): string {
  const request = {
    method: 'POST',
    url: URL,
    headers: type === '' ? [] : [{ name: 'Content-Type', value: type }],
    postData: { mimeType: type, text },
  };
  const entry = { startedDateTime: new Date(0).toISOString(), time: 1, request, response: { status: 200 } };
  return writeTest(readHar(JSON.stringify({ log: { entries: [entry] } }), 'a.har', {}), {
    from: 'a.har',
    locate: (path) => path,
  }).source;
}

it.each(BODIES)('no secret of a body reaches the file: %s', (_form, type, text) => {
  for (const source of [fromCurl(type, text), fromHar(type, text)]) {
    expect(source).not.toContain(SECRET);
    expect(source).toMatch(/secrets\.LOAD_\w+/);
  }
});

it('a number is moved where its name is that of a secret', () => {
  const source = fromCurl('application/json', '{"pin":123456,"password":987654,"key":5,"max_tokens":100}');
  expect(source).not.toMatch(/123456|987654/);
  expect(source).toContain('pin: Number(secrets.LOAD_PIN)');
  expect(source).toMatch(/key: 5,\s+max_tokens: 100/);
});

it('a secret within a text is named by its own name, not by the name of the text', () => {
  const source = fromCurl('application/json', `[{"name":"note","value":"password: \\"${SECRET}\\""}]`);
  expect(source).not.toContain(SECRET);
  expect(source).toContain('field password');
  expect(source).not.toContain('field note');
});

it('what is around a secret stays as it is', () => {
  expect(fromCurl('', `{"user":"ada","password":"a\\"b","n":1}`)).toContain(
    '`{"user":"ada","password":"${secrets.LOAD_PASSWORD}","n":1}`',
  );
  expect(fromCurl('application/xml', '<a><Password>x y</Password><b/></a>')).toContain(
    '`<a><Password>${secrets.LOAD_PASSWORD}</Password><b/></a>`',
  );
});

it.each([
  ['no value', '{"password":"","token":null}'],
  ['a type of GraphQL', 'query ($password: String!) { login(password: $password) { id } }'],
  ['words', 'the password is known; a token: none'],
  ['other names', '{"passenger":"ada","monkey":"x","tokens":"x"}'],
  ['elements without text', '<password/><password></password>'],
])('nothing is taken for a secret: %s', (_what, text) => {
  expect(secretsInText(text)).toEqual([]);
});

it('a text of megabytes is searched in one pass', () => {
  const text = `${'a=b=c="d: \'e: \\"'.repeat(60_000)}{"password":"x"}`;
  const [last] = secretsInText(text).toReversed();
  expect(last).toEqual({ start: text.length - 3, end: text.length - 2, name: 'password' });
});
