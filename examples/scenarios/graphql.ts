import { defineScenario } from '@jarvis-load/engine';
import { Type } from 'typebox';

const Book = Type.Object({ title: Type.String(), author: Type.Object({ id: Type.String() }) });
/** GraphQL answers errors with 200: a schema that asks for the data makes them failures. */
const Books = Type.Object({ data: Type.Object({ books: Type.Array(Book) }) });
const Author = Type.Object({ data: Type.Object({ author: Type.Object({ name: Type.String() }) }) });

/** One address, and an operation for each query, so that each has a row of its own. */
export default defineScenario({
  name: 'graphql',
  operations: [
    { name: 'books', method: 'POST', route: '/graphql', answer: Books },
    { name: 'author', method: 'POST', route: '/graphql', answer: Author },
  ],
  async run(user) {
    const query = 'query Books($first: Int!) { books(first: $first) { title author { id } } }';
    const books = await user.request({ operation: 'books', json: { query, variables: { first: 5 } } });
    const [book] = books.json(Books)?.data.books ?? [];
    if (book === undefined) return;
    await user.request({
      operation: 'author',
      json: { query: 'query Author($id: ID!) { author(id: $id) { name } }', variables: book.author },
    });
  },
});
