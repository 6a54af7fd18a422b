import { defineScenario } from '@jarvis-load/engine';

/** A page, and then its six resources at once over connections of the user's own, as a browser loads them. */
export default defineScenario({
  name: 'site',
  operations: [
    { name: 'page', method: 'GET', route: '/', tags: { page: 'home' } },
    { name: 'asset', method: 'GET', route: '/assets/{name}', tags: { page: 'home' } },
  ],
  async run(user) {
    const headers = { 'accept-encoding': 'gzip, br' };
    const page = await user.get('/', { headers, redirects: true });
    user.check(page, { 'has a title': (answer) => answer.text().includes('<title>') });
    const names = ['app.css', 'app.js', 'font.woff2', 'logo.svg', 'hero.webp', 'data.json'];
    await user.batch(
      names.map((name) => ({ operation: 'asset', params: { name }, headers })),
      { connections: 6 },
    );
    await user.think({ min: 0.1, max: 0.5 });
  },
  thresholds: { 'http_req_duration{page:home}': ['p(95)<500'] },
});
