import http from 'k6/http';
import { check, sleep } from 'k6';

const target = __ENV.TARGET;
const headers = { 'accept-encoding': 'gzip, br' };

export const options = {
  batchPerHost: 6,
  thresholds: { 'http_req_duration{page:home}': ['p(95)<500'], checks: ['rate==1'] },
};

export default function () {
  const page = http.get(`${target}/`, { headers, tags: { name: 'page', page: 'home' } });
  check(page, { 'has a title': () => page.body.includes('<title>') });
  const names = ['app.css', 'app.js', 'font.woff2', 'logo.svg', 'hero.webp', 'data.json'];
  http.batch(
    names.map((name) => ({
      method: 'GET',
      url: `${target}/assets/${name}`,
      params: { headers, tags: { name: 'asset', page: 'home' } },
    })),
  );
  sleep(0.1 + Math.random() * 0.4);
}
