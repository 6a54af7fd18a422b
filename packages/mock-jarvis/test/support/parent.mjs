// A program with a mock, killed by a test: its mock must go with it.
import { spawnMock } from '../../dist/index.js';

const mock = await spawnMock({ preset: 'fast' });
process.stdout.write(JSON.stringify({ pid: mock.pid, url: mock.url }));
setInterval(() => undefined, 1000);
