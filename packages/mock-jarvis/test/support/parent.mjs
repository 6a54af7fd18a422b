// A program that starts a mock; the test kills it and checks that the mock's process ends too.
import { spawnMock } from '../../dist/index.js';

const mock = await spawnMock({ preset: 'fast' });
process.stdout.write(JSON.stringify({ pid: mock.pid, url: mock.url }));
setInterval(() => undefined, 1000);
