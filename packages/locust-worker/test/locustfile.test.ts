import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classNames, locustfile } from '../src/index.ts';
import { usersByScenario } from '../src/users-by-scenario.ts';

describe('classes of scenarios', () => {
  it('are Python names, different for each scenario', () => {
    expect([...classNames(['chat-user', 'chat_user', '3rd party', 'été']).values()]).toEqual([
      'ChatUser',
      'ChatUser2',
      'Scenario3rdParty',
      'Scenario_t_',
    ]);
    expect([...classNames(['http-user', 'master runner', 'true']).values()]).toEqual([
      'HttpUser2',
      'MasterRunner2',
      'True2',
    ]);
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), (scenarios) => {
        const classes = [...classNames(scenarios).values()];
        expect(new Set(classes).size).toBe(scenarios.length);
        for (const name of classes) expect(name).toMatch(/^[A-Za-z]\w*$/);
      }),
    );
  });

  it('get the users of their class, and a share of those of classes that are none of them', () => {
    const classes = classNames(['chat-user', 'memory']);
    const share = (users: number) => ({ 'chat-user': users - 1, memory: 1 });
    expect(usersByScenario({ ChatUser: 3, Memory: 0 }, classes, share)).toEqual({
      'chat-user': 3,
      memory: 0,
    });
    expect(usersByScenario({ ChatUser: 3, Dummy: 5 }, classes, share)).toEqual({ 'chat-user': 7, memory: 1 });
    expect(usersByScenario({ constructor: 2 }, classes, share)).toEqual({ 'chat-user': 1, memory: 1 });
  });
});

describe('the file for a master', () => {
  it('has a class for each scenario, with its weight and tasks', () => {
    const run = () => Promise.resolve();
    const text = locustfile(
      [
        {
          name: 'chat-user',
          description: 'Says "hello"',
          weight: 5,
          tasks: [
            { name: 'send message', weight: 3, run },
            { name: 'client', weight: 1, run },
            { name: 'send-message', weight: 1, run },
          ],
        },
        { name: 'memory', weight: 2.2 },
      ],
      classNames(['chat-user', 'memory']),
      'http://127.0.0.1:8100',
    );
    expect(text).toContain(
      [
        'class ChatUser(HttpUser):',
        String.raw`    "Says \"hello\""`,
        '',
        '    host = "http://127.0.0.1:8100"',
        '    weight = 5',
        '',
        '    @task(3)',
        '    def send_message(self):',
        '        pass',
        '',
        '    @task(1)',
        '    def task_client(self):',
        '        pass',
        '',
        '    @task(1)',
        '    def send_message_2(self):',
      ].join('\n'),
    );
    expect(text).toContain('class Memory(HttpUser):\n    "Scenario memory."');
    expect(text).toContain('    weight = 2\n\n    @task(1)\n    def journey(self):');
  });
});
