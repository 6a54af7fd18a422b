/** Errors that a scenario may leave unhandled. */
const ERRORS = {
  rejection: () => void Promise.reject(new Error('nobody awaits this')),
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- scenario code may do it
  'rejection of no error': () => void Promise.reject('a text'),
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as the groups of a match, which have no prototype
  'rejection of a bare object': () => void Promise.reject(/(?<why>groups)/.exec('groups').groups),
  exception: () =>
    void setTimeout(() => {
      throw new Error('thrown in a timer');
    }, 1),
  'exception with a secret': (answer) =>
    void setTimeout(() => {
      throw new Error(answer.text());
    }, 1),
};

const SECRET = 'hunter2-hunter2';
const operations = [{ name: 'ask', method: 'GET', route: '/' }];
const executor = { kind: 'constant-vus', vus: 2, duration: '1s' };

/** @param {string} what key of {@link ERRORS}; `two`: in one of two scenarios */
export function scenarios(what) {
  const leave = ERRORS[what === 'two' ? 'rejection' : what];
  const scenario = (name) => ({
    name,
    operations,
    executor,
    run: async (user) => {
      const headers = { authorization: `Bearer ${SECRET}` };
      const answer = await user.request({ operation: 'ask', path: '/', headers });
      if (user.iteration === 3) leave(answer);
      await user.think(0.01);
    },
  });
  return what === 'two' ? [scenario('chat'), { ...scenario('voice'), run: calm }] : [scenario('chat')];
}

async function calm(user) {
  await user.request({ operation: 'ask', path: '/' });
  await user.think(0.01);
}
