// apps/cli/test/support/voice-target.ts
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { readWavHeader } from "@jarvis-load/jarvis";
import { startMock } from "@jarvis-load/mock-jarvis";
var run = promisify(execFile);
async function startVoiceTarget({ speaks, hears }) {
  const mock = await startMock({ preset: "fast" });
  const folder = mkdtempSync(join(tmpdir(), "voice-target-"));
  const heard = [];
  const recogniser = spawn(join(dirname(hears), "python3"), [join(import.meta.dirname, "recognise.py")], {
    stdio: ["pipe", "pipe", "inherit"]
  });
  const waiting = [];
  createInterface({ input: recogniser.stdout }).on("line", (line) => waiting.shift()?.(line));
  let files = 0;
  const synthesize = async ({ text, language = "en" }) => {
    const file = join(folder, `${files++}.wav`);
    const speaking = run(speaks, ["-v", language, "-s", "140", "--stdin", "-w", file]);
    speaking.child.stdin.end(text);
    await speaking;
    const wav = readFileSync(file);
    const { durationMs, sampleRate } = readWavHeader(wav);
    return {
      audio_data: wav.toString("base64"),
      format: "wav",
      duration_ms: Math.round(durationMs),
      sample_rate: sampleRate
    };
  };
  const transcribe = async ({ audio_data = "" }) => {
    const line = new Promise((resolve) => void waiting.push(resolve));
    recogniser.stdin.write(`${audio_data}
`);
    const found = JSON.parse(await line);
    if (found.text === void 0) throw new Error(found.error);
    heard.push(found.text);
    return { ...found, language: "en" };
  };
  const handlers = {
    "POST /api/voice/synthesize": synthesize,
    "POST /api/voice/transcribe": transcribe
  };
  const server = createServer((request, response) => {
    const handler = handlers[`${request.method} ${request.url}`];
    if (handler === void 0) pass(request, response, mock.port);
    else void answer(request, response, handler);
  });
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    heard,
    async close() {
      server.closeAllConnections();
      server.close();
      const ended = once(recogniser, "exit");
      recogniser.kill();
      await Promise.all([ended, mock.close()]);
      rmSync(folder, { recursive: true });
    }
  };
}
async function answer(request, response, handler) {
  let status = 200;
  let body;
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    body = await handler(JSON.parse(Buffer.concat(chunks).toString()));
  } catch (error) {
    status = 400;
    body = { error: "Validation failed", message: error.message, code: "VALIDATION_ERROR" };
  }
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
function pass(request, response, port) {
  const { method, url, headers } = request;
  const onward = forward({ host: "127.0.0.1", port, method, path: url, headers }, (found) => {
    response.writeHead(found.statusCode, found.headers);
    found.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
export {
  startVoiceTarget
};
