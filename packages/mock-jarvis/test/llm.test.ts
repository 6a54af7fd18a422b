import { continuity, playback, realTimeFactor } from '@jarvis-load/jarvis';
import type { AudioPiece } from '@jarvis-load/jarvis';
import { describe, expect, it } from 'vitest';
import { parseMockSettings } from '../src/index.ts';
import { AnswerPlan } from '../src/llm/answer-plan.ts';
import { faultySteps } from '../src/llm/faulty-steps.ts';
import { Generation } from '../src/llm/generation.ts';
import { RandomStream } from '../src/random/stream.ts';
import { Runtime } from '../src/server/runtime.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const SETTINGS = ['preset=fast', 'llm.gap=20ms', 'llm.answerTokens=4'];

interface Run {
  readonly clock: VirtualClock;
  readonly runtime: Runtime;
  /** Submits a request and returns the times of its tokens, as they come. */
  ask(prefillMs?: number, tokens?: number): { readonly times: number[]; readonly stop: () => void };
}

function model(...settings: string[]): Run {
  const clock = new VirtualClock();
  const runtime = new Runtime(parseMockSettings([...SETTINGS, ...settings]), clock);
  let ordinal = 0;
  return {
    clock,
    runtime,
    ask(prefillMs = 200, tokens = 4) {
      const times: number[] = [];
      const plan = new AnswerPlan(runtime.config, ordinal++, tokens);
      const generation = new Generation(runtime, 'openai.chat', prefillMs, {
        count: plan.tokens,
        gapMs: (index) => plan.gapMs(index),
        step: () => times.push(clock.elapsedMs()),
        end: () => undefined,
      });
      generation.start();
      return { times, stop: () => generation.stop() };
    },
  };
}

describe('the model of a language model', () => {
  it('sends the first token after the prefill and the others one gap apart', () => {
    const { clock, ask } = model();
    const { times } = ask();
    clock.advance(1000);
    expect(times).toEqual([200, 220, 240, 260]);
  });

  it('keeps to the times that were due when timers wake up late', () => {
    const { clock, ask } = model();
    clock.latenessMs = 3;
    const { times } = ask();
    clock.advance(1000);
    // Due at 200, 220, 240 and 260: each is 3 ms late, not 3, 6, 9 and 12.
    expect(times).toEqual([203, 223, 243, 263]);
  });

  it('serves as many answers at a time as it has slots, the next at the end of the one before', () => {
    const { clock, ask } = model('capacity.openai.chat=1');
    clock.latenessMs = 3;
    const first = ask();
    const second = ask();
    clock.advance(1000);
    expect(first.times[3]).toBe(263);
    // From 260, when the first was due to end: 260 + 200, and the lateness of one timer.
    expect(second.times).toEqual([463, 483, 503, 523]);
  });

  it('reads prompts one after the other, while answers go on', () => {
    const { clock, ask } = model('llm.prefills=1');
    const answers = [ask(), ask(), ask()];
    clock.advance(1000);
    expect(answers.map(({ times }) => times[0])).toEqual([200, 400, 600]);
    expect(answers.map(({ times }) => times[3]! - times[0]!)).toEqual([60, 60, 60]);
  });

  it('has longer gaps the more answers are generated at a time', () => {
    const { clock, ask } = model('llm.gapGrowth=0.5');
    const answers = [ask(), ask(), ask()];
    clock.advance(1000);
    // Three at a time: 20 ms x (1 + 0.5 x 2) = 40 ms.
    expect(answers[2]!.times.slice(0, 2)).toEqual([200, 240]);
    const alone = ask();
    clock.advance(1000);
    expect(alone.times.map((at) => at - alone.times[0]!)).toEqual([0, 20, 40, 60]);
  });

  it.each([
    ['waiting for a slot', 100],
    ['being read', 300],
    ['being answered', 490],
  ])('gives its slot to the next when the client leaves while %s', (_name, atMs) => {
    const { clock, runtime, ask } = model('capacity.openai.chat=1', 'llm.prefills=1');
    ask();
    const leaving = ask();
    const next = ask();
    clock.advance(atMs);
    leaving.stop();
    leaving.stop();
    clock.advance(2000);
    expect(next.times[0]).toBe(Math.max(260, atMs) + 200);
    expect(runtime.language.size).toBe(0);
    expect(runtime.pool('openai.chat').busy).toBe(0);
    expect(runtime.language.prefills.busy).toBe(0);
  });

  it.each([1, 3, 8])(
    'is a queue with %i servers: first tokens as of the recursion of Kiefer and Wolfowitz',
    (slots) => {
      const settings = [
        'llm.gap.p50=20',
        'llm.gap.p95=60',
        'llm.answerTokens.p50=20',
        'llm.answerTokens.p95=60',
      ];
      const { clock, runtime } = model(...settings, `capacity.openai.chat=${slots}`);
      clock.latenessMs = 2;
      const arrivals = new RandomStream(5, 'arrivals');
      // Poisson, at 90 % of what the slots serve: a prefill of 50 ms, and 24 tokens 23 ms apart on average.
      const meanMs = (50 + 24 * 23) / slots / 0.9;
      const freeMs = Array<number>(slots).fill(0);
      const expected: number[] = [];
      const seen: number[] = [];
      let atMs = 0;
      for (let ordinal = 0; ordinal < 300; ordinal += 1) {
        atMs -= meanMs * Math.log(arrivals.unit(ordinal, 0));
        clock.advanceTo(atMs);
        const plan = new AnswerPlan(runtime.config, ordinal, undefined);
        new Generation(runtime, 'openai.chat', 50, {
          count: plan.tokens,
          gapMs: (index) => plan.gapMs(index),
          step: (index) => {
            if (index === 0) seen[ordinal] = clock.elapsedMs();
          },
          end: () => undefined,
        }).start();
        freeMs.sort((a, b) => a - b);
        const startMs = Math.max(atMs, freeMs[0]!);
        let serviceMs = 50;
        for (let index = 1; index < plan.tokens; index += 1) serviceMs += plan.gapMs(index);
        freeMs[0] = startMs + serviceMs;
        expected.push(startMs + 50);
      }
      clock.advance(100_000);
      // Late by one timer, at most two: what waits for a slot waits for the timer of the answer before it.
      const late = seen.map((at, ordinal) => at - expected[ordinal]!);
      expect(Math.min(...late)).toBeGreaterThanOrEqual(-1e-6);
      expect(Math.max(...late)).toBeLessThan(2 * clock.latenessMs + 1e-6);
      expect(Math.max(...expected.map((at, ordinal) => at - (expected[ordinal - 1] ?? 0)))).toBeGreaterThan(
        50,
      );
    },
  );

  it('draws the same answer and the same gaps for the same seed and request number', () => {
    const settings = [
      'llm.answerTokens.p50=60',
      'llm.answerTokens.p95=180',
      'llm.gap.p50=20',
      'llm.gap.p95=50',
    ];
    const config = (seed: number) => parseMockSettings([...settings, `seed=${seed}`]);
    const describePlan = (seed: number, ordinal: number): unknown => {
      const plan = new AnswerPlan(config(seed), ordinal, undefined);
      return [plan.id, plan.text(0, plan.tokens), [1, 2, 3].map((step) => plan.gapMs(step))];
    };
    expect(describePlan(1, 5)).toEqual(describePlan(1, 5));
    expect(describePlan(1, 5)).not.toEqual(describePlan(2, 5));
    expect(describePlan(1, 5)).not.toEqual(describePlan(1, 6));
  });

  it('draws lengths of the distribution that was set', () => {
    const config = parseMockSettings(['llm.answerTokens.p50=60', 'llm.answerTokens.p95=180']);
    const lengths = Array.from(
      { length: 4000 },
      (_, ordinal) => new AnswerPlan(config, ordinal, undefined).tokens,
    );
    lengths.sort((a, b) => a - b);
    expect(Math.abs(lengths[2000]! - 60)).toBeLessThan(4);
    expect(Math.abs(lengths[3800]! - 180)).toBeLessThan(20);
  });

  it.each([
    ['llm.answerTokens.p95=10', 'llm.answerTokens.p95: 10 is below llm.answerTokens.p50, 60; set both.'],
    ['llm.answerTokens.min=3', 'llm.answerTokens: uniform needs llm.answerTokens.max as well.'],
    ['llm.gap.p95=1ms', 'llm.gap.p95Ms: 1 ms is below llm.gap.p50Ms, 18 ms; set both.'],
    ['llm.gapp=3', 'Did you mean llm.gap?'],
    ['llm.roleEvent=never', 'one of with-first-token, at-once, none'],
  ])('refuses %s', (setting, message) => {
    expect(() => parseMockSettings([setting])).toThrow(message);
  });
});

describe('a voice', () => {
  it('stutters although it is fast on average, under a stall', () => {
    const clock = new VirtualClock();
    const settings = ['preset=fast', 'faults.stall.pause=900ms'];
    const runtime = new Runtime(parseMockSettings(settings), clock);
    const pieces: AudioPiece[] = [];
    let endedMs = NaN;
    const steps = {
      count: 24,
      gapMs: () => 20,
      step: () => pieces.push({ atMs: clock.elapsedMs(), audioMs: 100 }),
      end: (endMs: number) => (endedMs = endMs),
    };
    const faulty = faultySteps(runtime.config.faults, 'stall', steps, () => undefined);
    new Generation(runtime, 'openai.speech', 200, faulty).start();
    clock.advance(5000);
    const { audioMs, firstAudioMs, underrunMs } = playback(pieces);
    // 200 + 23 x 20 + 900 = 1,560 ms for 2,400 ms of audio.
    expect([firstAudioMs, endedMs, realTimeFactor(endedMs, audioMs)]).toEqual([200, 1560, 0.65]);
    // The 13th piece comes 12 x 20 + 900 = 1,140 ms after the first, with 1,200 ms of audio before it: just in time.
    expect(underrunMs).toBe(0);
    pieces.length = 0;
    const slower = faultySteps(
      { ...runtime.config.faults, stall: { ...runtime.config.faults.stall, pauseMs: 1500 } },
      'stall',
      steps,
      () => undefined,
    );
    new Generation(runtime, 'openai.speech', 200, slower).start();
    clock.advance(5000);
    const stutter = playback(pieces);
    // 200 + 23 x 20 + 1,500 = 2,160 ms: still faster than it is heard.
    expect(realTimeFactor(endedMs - 5000, stutter.audioMs)).toBe(0.9);
    expect(stutter.underrunMs).toBe(540);
    expect(continuity([underrunMs, stutter.underrunMs], 100)).toBe(0.5);
  });

  it.each([
    ['cut', 12, 1],
    ['truncated', 12, 1],
    ['empty', 0, 0],
  ] as const)('ends early under %s, once', (fault, count, early) => {
    const clock = new VirtualClock();
    const runtime = new Runtime(parseMockSettings(['preset=fast']), clock);
    const seen: string[] = [];
    const steps = {
      count: 24,
      gapMs: () => 20,
      step: () => seen.push('step'),
      end: () => seen.push('end'),
    };
    const endEarly = (): void => {
      seen.push('early');
      generation.stop();
    };
    const generation = new Generation(
      runtime,
      'openai.speech',
      200,
      faultySteps(runtime.config.faults, fault, steps, endEarly),
    );
    generation.start();
    clock.advance(5000);
    expect(seen.filter((one) => one === 'step')).toHaveLength(count);
    expect(seen.filter((one) => one === 'early')).toHaveLength(early);
    expect(seen.filter((one) => one === 'end')).toHaveLength(1 - early);
    expect(runtime.pool('openai.speech').busy).toBe(0);
  });
});
