import http from 'k6/http';
import { check } from 'k6';

export const options = { thresholds: { checks: ['rate==1'] } };

function ask(name, query, variables) {
  return http.post(`${__ENV.TARGET}/graphql`, JSON.stringify({ query, variables }), {
    headers: { 'content-type': 'application/json' },
    tags: { name },
  });
}

export default function () {
  const query = 'query Books($first: Int!) { books(first: $first) { title author { id } } }';
  const answer = ask('books', query, { first: 5 });
  const isBook = (book) => typeof book.title === 'string' && typeof book.author?.id === 'string';
  const books = answer.json('data.books');
  if (!check(books, { 'has books': () => Array.isArray(books) && books.every(isBook) })) return;
  const [book] = books;
  if (book === undefined) return;
  const author = ask('author', 'query Author($id: ID!) { author(id: $id) { name } }', book.author);
  check(author, { 'has a name': () => typeof author.json('data.author.name') === 'string' });
}
