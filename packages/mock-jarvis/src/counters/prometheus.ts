const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  readonly labels: string;
  count: number;
}
interface Histogram {
  readonly labels: string;
  readonly buckets: number[];
  count: number;
  sumSeconds: number;
}

/**
 * The metrics of the documented contract: requests by method, endpoint and status, and their durations. The caller observes only
 * answers that were sent to their end.
 */
export class RequestMetrics {
  readonly #requests = new Map<string, Series>();
  readonly #durations = new Map<string, Histogram>();

  /**
   * @param endpoint the route pattern, such as `/api/chat/conversation/{id}`, to keep the number of label values small
   */
  observe(method: string, endpoint: string, status: number, durationSeconds: number): void {
    const key = `${method} ${endpoint}`;
    const request = this.#requests.get(`${key} ${status}`);
    if (request === undefined) {
      const labels = `method="${method}",endpoint="${endpoint}",status="${status}"`;
      this.#requests.set(`${key} ${status}`, { labels, count: 1 });
    } else request.count += 1;
    let histogram = this.#durations.get(key);
    if (histogram === undefined) {
      const labels = `method="${method}",endpoint="${endpoint}"`;
      histogram = { labels, buckets: BUCKETS_SECONDS.map(() => 0), count: 0, sumSeconds: 0 };
      this.#durations.set(key, histogram);
    }
    histogram.count += 1;
    histogram.sumSeconds += durationSeconds;
    const bucket = BUCKETS_SECONDS.findIndex((bound) => durationSeconds <= bound);
    if (bucket >= 0) histogram.buckets[bucket] = histogram.buckets[bucket]! + 1;
  }

  /** Prometheus text format 0.0.4. */
  render(): string {
    const lines = [
      '# HELP http_requests_total Requests with a response',
      '# TYPE http_requests_total counter',
    ];
    for (const { labels, count } of this.#requests.values())
      lines.push(`http_requests_total{${labels}} ${count}`);
    lines.push('# HELP http_request_duration_seconds Time from the request to the end of its response');
    lines.push('# TYPE http_request_duration_seconds histogram');
    for (const { labels, buckets, count, sumSeconds } of this.#durations.values()) {
      let cumulative = 0;
      for (const [index, bound] of BUCKETS_SECONDS.entries()) {
        cumulative += buckets[index]!;
        lines.push(`http_request_duration_seconds_bucket{${labels},le="${bound}"} ${cumulative}`);
      }
      lines.push(`http_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`);
      lines.push(`http_request_duration_seconds_sum{${labels}} ${sumSeconds}`);
      lines.push(`http_request_duration_seconds_count{${labels}} ${count}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
