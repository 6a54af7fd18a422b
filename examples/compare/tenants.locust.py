import itertools

from locust import HttpUser, constant_pacing, task

TENANTS = itertools.cycle(
    [
        {"tenant": "acme", "key": "key-a", "region": "eu"},
        {"tenant": "globex", "key": "key-g", "region": "us"},
        {"tenant": "initech", "key": "key-i", "region": "eu"},
    ]
)
DAYS = itertools.count()


class Tenants(HttpUser):
    wait_time = constant_pacing(0.2)

    def on_start(self):
        account = next(TENANTS)
        self.address = f"/tenants/{account['tenant']}/reports"
        self.region = account["region"]
        self.client.headers["x-api-key"] = account["key"]
        self.iteration = 0

    @task
    def reports(self):
        self.iteration += 1
        if self.iteration % 5 == 0:
            body = {"day": next(DAYS)}
            name = "POST /tenants/{tenant}/reports"
            with self.client.post(self.address, json=body, name=name, catch_response=True) as answer:
                if answer.status_code in (201, 409):
                    answer.success()
                else:
                    answer.failure(f"HTTP {answer.status_code}")
        else:
            name = "GET /tenants/{tenant}/reports"
            self.client.get(self.address, params={"region": self.region}, name=name)
