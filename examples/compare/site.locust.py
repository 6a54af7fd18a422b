from gevent.pool import Pool
from locust import HttpUser, between, task

NAMES = ["app.css", "app.js", "font.woff2", "logo.svg", "hero.webp", "data.json"]


class Site(HttpUser):
    wait_time = between(0.1, 0.5)

    def on_start(self):
        self.client.headers["accept-encoding"] = "gzip, br"
        self.pool = Pool(6)

    @task
    def visit(self):
        with self.client.get("/", name="page", catch_response=True) as page:
            if "<title>" not in page.text:
                page.failure("has no title")
        for name in NAMES:
            self.pool.spawn(self.client.get, f"/assets/{name}", name="asset")
        self.pool.join()
