import csv
import itertools
from pathlib import Path

from locust import HttpUser, between, task

FILE = Path(__file__).parent.parent / "scenarios" / "accounts.csv"
ACCOUNTS = itertools.cycle(list(csv.DictReader(FILE.open())))
RECEIPT = FILE.read_bytes()


class Shop(HttpUser):
    wait_time = between(0.1, 0.3)

    def on_start(self):
        account = next(ACCOUNTS)
        form = {"name": account["user"], "password": account["password"]}
        with self.client.post("/login", data=form, name="log in", catch_response=True) as answer:
            token = answer.json().get("token") if answer.ok else None
            if not isinstance(token, str):
                answer.failure("no session")
        self.client.headers["authorization"] = f"Bearer {token}"

    @task
    def shop(self):
        with self.client.get("/search", params={"q": "tea & cups"}, name="search", catch_response=True) as answer:
            items = answer.json().get("items") if answer.ok else None
            if not isinstance(items, list):
                answer.failure("no items")
        if not items:
            return
        order = {"item": items[0]["id"]}
        with self.client.post("/orders", json=order, name="order", catch_response=True) as answer:
            number = answer.json().get("id") if answer.status_code == 201 else None
            if not isinstance(number, str):
                answer.failure("no order")
                return
        files = {"photo": ("receipt.csv", RECEIPT, "text/csv")}
        self.client.post(f"/orders/{number}/receipts", files=files, name="POST /orders/{id}/receipts")
