import os
from pathlib import Path

from locust import HttpUser, task

RECORDING = (Path(__file__).parent.parent / "scenarios" / "silence.wav").read_bytes()
KEY = os.environ.get("OPENAI_API_KEY", "test")


class Transcription(HttpUser):
    @task
    def transcribe(self):
        with self.client.post(
            "/v1/audio/transcriptions",
            data={"model": "whisper-1", "language": "en"},
            files={"file": ("silence.wav", RECORDING, "audio/wav")},
            headers={"authorization": f"Bearer {KEY}"},
            timeout=30,
            name="transcribe",
            catch_response=True,
        ) as answer:
            text = answer.json().get("text") if answer.ok else None
            if not isinstance(text, str):
                answer.failure("no text")
                return
        self.environment.events.request.fire(
            request_type="metric",
            name="characters",
            response_time=len(text),
            response_length=0,
            exception=None,
            context={},
        )
