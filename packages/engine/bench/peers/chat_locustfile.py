"""The chat request for Locust, checked as ours is."""

import os

from locust import FastHttpUser, constant, task

HEADERS = {"Authorization": os.environ["TOKEN"]}


class ChatUser(FastHttpUser):
    wait_time = constant(0)
    count = 0

    @task
    def chat(self):
        self.count += 1
        with self.client.post(
            "/api/chat",
            json={"content": f"Test message {id(self)}-{self.count}"},
            headers=HEADERS,
            name="chat.send",
            catch_response=True,
        ) as response:
            body = response.json()
            if response.status_code != 200 or "message" not in body or "conversation_id" not in body:
                response.failure("not a chat answer")
