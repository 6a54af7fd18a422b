"""Hears WAVs: a base64 WAV per line of standard input, a line of JSON out. English, by the model that PocketSphinx ships."""

import array
import base64
import io
import json
import sys
import wave

from pocketsphinx import Decoder

RATE = 16000
decoder = Decoder(samprate=RATE, loglevel="FATAL")


def at_rate(samples, rate):
    if rate == RATE:
        return samples
    last = len(samples) - 1
    out = array.array("h")
    for index in range(int(len(samples) * RATE / rate)):
        at = index * rate / RATE
        left = min(int(at), last)
        right = min(left + 1, last)
        out.append(round(samples[left] + (samples[right] - samples[left]) * (at - left)))
    return out


def hear(line):
    with wave.open(io.BytesIO(base64.b64decode(line, validate=True))) as file:
        if (file.getsampwidth(), file.getnchannels()) != (2, 1):
            raise ValueError("expected 16 bit mono")
        samples = array.array("h", file.readframes(file.getnframes()))
        rate = file.getframerate()
    decoder.start_utt()
    decoder.process_raw(at_rate(samples, rate).tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    text = "" if found is None else found.hypstr
    confidence = 0.0 if text == "" else max(0.0, min(1.0, found.prob))
    return {"text": text, "confidence": confidence, "duration_ms": round(len(samples) * 1000 / rate)}


for line in sys.stdin:
    try:
        answer = hear(line.strip())
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
