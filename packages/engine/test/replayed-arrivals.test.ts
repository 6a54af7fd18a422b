import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ArrivalFile, openArrivals } from '../src/data/arrival-file.ts';
import { checkCeilings } from '../src/definition/check-ceilings.ts';
import { replayedRows } from '../src/executors/replayed-rows.ts';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import { planOfArrivals } from '../src/executors/resolve-replay.ts';
import type { Arrival } from '../src/model/arrival.ts';
import type { ReplayedArrivalsOptions } from '../src/model/executor-options.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { splitSchedule } from '../src/plan/arrivals.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const folder = mkdtempSync(join(tmpdir(), 'arrivals-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function written(text: string): string {
  const path = join(folder, `${files++}.txt`);
  writeFileSync(path, text);
  return path;
}

const replay = (file: string, options: Partial<ReplayedArrivalsOptions> = {}): ReplayedArrivalsOptions => ({
  kind: 'replayed-arrivals',
  file,
  ...options,
});

/** A scenario that notes when the scripted target saw its requests, and the rows that started it. */
async function replayed(scenarios: readonly ScenarioDefinition[], answerMs = 10) {
  const seen: { readonly path: string; readonly atMs: number }[] = [];
  const load = virtualLoad({ scenarios }, ({ path, atMs }) => {
    seen.push({ path, atMs });
    return { afterMs: answerMs };
  });
  return { result: await load.result(), seen };
}

function rowsOf(rows: { next(): number | undefined }): number[] {
  const all: number[] = [];
  for (let row = rows.next(); row !== undefined; row = rows.next()) all.push(row);
  return all;
}

describe('a file of arrivals', () => {
  it('has times in seconds, milliseconds or date-times, and sizes under the names of known traces', () => {
    const azure = new ArrivalFile(
      written(
        'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,374,44\r\n2023-11-16 18:17:04.0319605,396,0\r\n',
      ),
    );
    expect(azure.offsetsMs[1]).toBeCloseTo(52.0005, 6);
    expect(azure.arrival(1)).toMatchObject({ row: 1, promptTokens: 396, answerTokens: 0 });
    const burst = new ArrivalFile(
      written(
        '\ufeffTimestamp,Model,Request tokens,Response tokens\n5,"Chat, GPT",472,18\n\n45.5,GPT-4,1087,230\n',
      ),
    );
    expect([...burst.offsetsMs]).toEqual([5000, 45_500]);
    expect(burst.arrival(0).fields).toEqual({
      Timestamp: '5',
      Model: 'Chat, GPT',
      'Request tokens': '472',
      'Response tokens': '18',
    });
    const lines = new ArrivalFile(
      written(
        '{"time_ms": 27.5, "input_length": 6955, "output_length": 52, "hash_ids": [1, 2]}\n{"time_ms": "30", "bytes": 10, "operation": "chat.ask"}\n',
      ),
    );
    expect([...lines.offsetsMs]).toEqual([27.5, 30]);
    expect(lines.arrival(0)).toMatchObject({ promptTokens: 6955, answerTokens: 52 });
    expect(lines.arrival(0).fields['hash_ids']).toEqual([1, 2]);
    expect(lines.arrival(1)).toMatchObject({ bytes: 10, operation: 'chat.ask' });
  });

  it.each([
    ['time\n1\n\n0.5\n', 'line 4: is at 0.5 s, earlier than 1 s of the row before; expected times in asc'],
    ['time\n1\n-2\n', "line 3: has time '-2', which is negative; expected seconds from the start"],
    ['time\nsoon\n', "line 2: has time 'soon'; expected seconds from the start, 12.5, or a date-time"],
    ['time\n\n"NaN"\n', "line 3: has time 'NaN'"],
    ['{"time":1}\n{"time":null}\n', 'line 2: has time null'],
    ['{"time":1}\n{"at":2}\n', "line 2: has the fields 'at': there is no time"],
    ['{"time":1}\n{"time":\n', 'line 2: is not JSON'],
    ['{"time":1}\n[2]\n', 'line 2: is [2]; expected an object'],
    ['time,note\n1,"two\nlines"\n2\n', 'line 4: has 1 fields; expected 2, as the header'],
    ['time,tokens\n1,"a"b\n', 'line 2: has quotes in the wrong place'],
    ['time,bytes\n1,many\n', "line 2: has bytes 'many'; expected a whole number from 0 to 1000000000"],
    ['time,bytes\n1,2000000000\n', "has bytes '2000000000'; expected a whole number from 0 to 1000000000"],
    ['time\n1\n2026-11-29T08:30:00Z\n', 'line 3: has both numbers and date-times as time'],
    ['when,what\n1,2\n', "has the columns 'when', 'what': there is no time; expected a header such as time,"],
    ['time,time_ms\n1,1000\n', 'both time and time_ms are its time'],
    ['time\n', 'has no rows'],
    ['', "has the columns ''"],
  ])('that is %j is refused with the reason', (text, reason) => {
    expect(() => new ArrivalFile(written(text))).toThrow(reason);
  });

  it('of many rows is held in 26 bytes a row, and read again from the disk', () => {
    const length = 200_000;
    const lines = Array.from({ length }, (_, row) => `${row / 1000},${row % 500}\n`);
    const path = written(`time,prompt_tokens\n${lines.join('')}`);
    const before = process.memoryUsage().arrayBuffers;
    const file = openArrivals(path);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    expect(openArrivals(path)).toBe(file);
    expect(file.arrival(177_777)).toMatchObject({ row: 177_777, promptTokens: 277 });
    expect(planOfArrivals(path, 0.5)).toEqual({
      rows: length,
      leftOut: 0,
      peakPerSecond: 2000,
      durationMs: 100_000,
    });
  });
});

describe('replayed arrivals', () => {
  it('start iterations at exactly their times, scaled, each with its row', async () => {
    const path = written('time,answer_tokens\n0,1\n0.25,2\n0.25,3\n7.125,4\n');
    const got: (Arrival | undefined)[] = [];
    const scenario = asking('chat', replay(path, { timeScale: 2 }), {
      run: async (user) => {
        got.push(user.arrival);
        await user.request({ operation: 'chat.ask', path: '/' });
      },
    });
    const { result, seen } = await replayed([scenario]);
    expect(seen.map(({ atMs }) => atMs)).toEqual([0, 500, 500, 14_250]);
    expect(got.map((arrival) => arrival?.answerTokens)).toEqual([1, 2, 3, 4]);
    expect(result.scenarios[0]).toMatchObject({
      executor: { kind: 'replayed-arrivals', file: path, timeScale: 2, rows: 4, leftOut: 0 },
      model: 'open',
      plannedDurationMs: 14_250,
      iterations: { planned: 4, completed: 4, dropped: 0 },
    });
    expect(result.totals.responseTime).toMatchObject({ count: 4, minMs: 10, maxMs: 10 });
  });

  it('are dropped and counted beyond maxVUs, and the wait of none is hidden', async () => {
    const path = written(`time\n${'1\n'.repeat(5)}3\n`);
    const { result } = await replayed([asking('chat', replay(path, { maxVUs: 2 }))], 500);
    expect(result.scenarios[0]!.iterations).toMatchObject({ planned: 6, completed: 3, dropped: 3 });
  });

  it('at the duration and after it are left out, and counted apart', async () => {
    const path = written('time\n0\n1\n2\n3\n');
    const { result, seen } = await replayed([asking('chat', replay(path, { duration: '2s' }))]);
    expect(seen).toHaveLength(2);
    expect(result.scenarios[0]).toMatchObject({
      executor: { rows: 2, leftOut: 2 },
      plannedDurationMs: 2000,
      iterations: { planned: 2, completed: 2, dropped: 0 },
    });
  });

  it('start the scenario they name, the one that has their operation, or each in turn', async () => {
    const path = written(
      'time,scenario,operation\n0,a,\n1,,b.ask\n2,,\n3,b,a.ask\n4,,\n5,,\n6,a,\n'.replaceAll('\n', '\r\n'),
    );
    const { result, seen } = await replayed([
      asking('a', replay(path, { turn: { index: 0, of: 2 } })),
      asking('b', replay(path, { turn: { index: 1, of: 2 } })),
    ]);
    expect(seen.map((each) => each.path).join(' ')).toBe('/a /b /a /b /b /a /a');
    expect(result.scenarios.map(({ iterations }) => iterations.planned)).toEqual([4, 3]);
  });

  it('that name what the run does not have, or several have, are an error with their line', () => {
    const start = (text: string, ...names: string[]) => {
      const file = written(text);
      const operations = [{ name: 'ask', method: 'GET' as const, route: '/' }];
      return () =>
        virtualLoad({
          scenarios: names.map((name) => asking(name, replay(file), { operations, run: async () => {} })),
        });
    };
    expect(start('time,scenario\n1,a\n2,c\n', 'a', 'b')).toThrow('no row of');
    expect(start('time,scenario\n1,a\n2,c\n', 'a')).toThrow(
      "line 3: names scenario 'c', which is none of the run; its scenarios: a.",
    );
    expect(start('time,operation\n1,ask\n', 'a', 'b')).toThrow(
      "line 2: names operation 'ask', which several scenarios have: a, b.",
    );
  });

  it('are checked with the other options of an executor', () => {
    const path = written('time\n1\n90000000\n');
    expect(() => resolveExecutor(replay(path), 'chat')).toThrow('Times are seconds from the start');
    expect(() => resolveExecutor(replay(path, { duration: 500 }), 'chat')).toThrow('none of its 2 arrivals');
    expect(() => resolveExecutor(replay(path, { timeScale: 0 }), 'chat')).toThrow('timeScale is 0');
    expect(() => resolveExecutor({ kind: 'replayed-arrivals' } as never, 'chat')).toThrow('file is');
    expect(() => resolveExecutor(replay('missing.csv'), 'chat')).toThrow("'missing.csv': cannot be read");
    // The caps are those of the busiest second.
    const busy = written(`time\n0\n${'7.5\n'.repeat(30)}`);
    expect(resolveExecutor(replay(busy), 'chat')).toMatchObject({ maxVUs: 300, preAllocatedVUs: 3 });
    const demand = { iterationSeconds: 0, requests: { 'chat.ask': 1 } };
    expect(() =>
      checkCeilings([asking('chat', replay(busy), { demand })], {
        maxUsers: 1000,
        maxDurationMs: 60_000,
        maxRate: 10,
      }),
    ).toThrow('30 requests/s');
  });

  it('of all threads and parts are those of the file, each once and in order, whatever the file', () => {
    const trace = fc.array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5, noNaN: true })),
        scenario: fc.constantFrom('a', 'b', ''),
        operation: fc.constantFrom('a.ask', 'b.ask', '', ''),
      }),
      { minLength: 1, maxLength: 40 },
    );
    const scales = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(trace, fc.integer({ min: 1, max: 5 }), scales, (rows, threads, timeScale) => {
        let time = 0;
        const times = rows.map(({ gap }) => (time += gap));
        const lines = rows.map((row, k) => `${times[k]},${row.scenario},${row.operation}`);
        const file = new ArrivalFile(written(`time,scenario,operation\n${lines.join('\n')}\n`));
        expect([...file.offsetsMs]).toEqual(times.map((each) => each * 1000));
        const everywhere = ['a', 'b'].map((scenario, index) => {
          const of = {
            scenario,
            operations: [`${scenario}.ask`],
            turn: { index, of: 2 },
            timeScale,
            endMs: Number.POSITIVE_INFINITY,
          };
          const parts = Array.from({ length: threads }, (_, thread) =>
            rowsOf(splitSchedule(replayedRows(file, of), thread, threads)),
          );
          const whole = rowsOf(replayedRows(file, of));
          for (const [thread, part] of parts.entries())
            expect(part).toEqual(whole.filter((_, k) => k % threads === thread));
          return whole;
        });
        expect(everywhere.flat().toSorted((x, y) => x - y)).toEqual(rows.map((_, row) => row));
        for (const [index, name] of ['a', 'b'].entries())
          for (const row of everywhere[index]!) expect([name, '']).toContain(rows[row]!.scenario);
      }),
      { numRuns: 60 },
    );
  });
});
