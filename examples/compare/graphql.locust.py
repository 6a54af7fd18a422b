from locust import HttpUser, task


class Graphql(HttpUser):
    def ask(self, name, query, variables, expected):
        body = {"query": query, "variables": variables}
        with self.client.post("/graphql", json=body, name=name, catch_response=True) as answer:
            data = answer.json().get("data") if answer.ok else None
            if data is None or not expected(data):
                answer.failure("not the data that was asked for")
                return None
            return data

    @task
    def books(self):
        def is_book(book):
            return isinstance(book.get("title"), str) and isinstance(book.get("author", {}).get("id"), str)

        def is_books(data):
            return isinstance(data.get("books"), list) and all(is_book(book) for book in data["books"])

        def is_author(data):
            return isinstance((data.get("author") or {}).get("name"), str)

        query = "query Books($first: Int!) { books(first: $first) { title author { id } } }"
        data = self.ask("books", query, {"first": 5}, is_books)
        if not data or not data["books"]:
            return
        query = "query Author($id: ID!) { author(id: $id) { name } }"
        self.ask("author", query, data["books"][0]["author"], is_author)
