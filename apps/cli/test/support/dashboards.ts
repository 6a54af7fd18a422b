import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'packages', 'outputs', 'dashboards');

/** One query of a panel. */
export interface Query {
  readonly text: string;
  /** Over time, or as of the end of the time range. */
  readonly kind: 'range' | 'instant';
}

export interface Panel {
  readonly title: string;
  readonly queries: readonly Query[];
}

export interface Dashboard {
  readonly name: string;
  /** Its rows left out; annotations and variables are panels of their own. */
  readonly panels: readonly Panel[];
}

interface Target {
  readonly expr?: string;
  readonly query?: string;
  readonly instant?: boolean;
}

interface DashboardFile {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly Target[] }[];
  readonly annotations: {
    readonly list: readonly ({ readonly name: string; readonly target?: Target } & Target)[];
  };
  readonly templating: {
    readonly list: readonly { readonly type: string; readonly name: string; readonly query: string }[];
  };
}

const queryOf = ({ expr, query, instant }: Target): Query => ({
  text: expr ?? query ?? '',
  kind: instant === true ? 'instant' : 'range',
});

/** A committed dashboard of ours. */
export function readDashboard(name: string): Dashboard {
  const file = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as DashboardFile;
  const panels = file.panels.flatMap(({ title, targets = [] }) =>
    targets.length === 0 ? [] : [{ title, queries: targets.map(queryOf) }],
  );
  const annotations = file.annotations.list.map((annotation) => ({
    title: `annotation ${annotation.name}`,
    queries: [queryOf(annotation.target ?? annotation)],
  }));
  const variables = file.templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name: variable, query }) => ({ title: `variable ${variable}`, queries: [queryOf({ query })] }));
  return { name, panels: [...panels, ...annotations, ...variables] };
}

/** A query that may be without data, and why. */
interface Allowed {
  readonly dashboard: string;
  readonly panel: string;
  /** Part of the query. */
  readonly query: string;
  readonly reason: string;
}

/** All queries without data in the runs of the test; every other one has some. Also what the guide names. */
const EMPTY: readonly Allowed[] = [
  {
    dashboard: '18030',
    panel: 'HTTP Latency Stats',
    query: 'k6_http_req_waiting_seconds{testid=~"$testid", expected_response=',
    reason: 'phases of a request are not kept by outcome',
  },
  ...(existsSync('/proc/pressure/cpu')
    ? []
    : [
        {
          dashboard: 'prometheus-run',
          panel: 'Processor',
          query: 'jarvis_load_machine_cpu_pressure_ratio',
          reason: 'the kernel does not measure pressure',
        },
        {
          dashboard: 'influxdb-run',
          panel: 'Processor',
          query: 'machine_cpu_pressure_ratio',
          reason: 'the kernel does not measure pressure',
        },
      ]),
];

/** Figures that stand only while the run is on: a last value would look like one of now. */
export const ONLY_DURING: readonly string[] = ['Users'];

/** What a dashboard showed. */
export interface Coverage {
  readonly dashboard: Dashboard;
  /** Queries without a finite number. */
  readonly empty: readonly { readonly panel: Panel; readonly text: string }[];
}

/** Asks every query of a dashboard. @param answers whether there is a finite number in the answer to a query */
export async function coverageOf(
  dashboard: Dashboard,
  answers: (query: Query) => Promise<boolean>,
): Promise<Coverage> {
  const asked = await Promise.all(
    dashboard.panels.flatMap((panel) =>
      panel.queries.map(async (query) => ({ panel, text: query.text, answered: await answers(query) })),
    ),
  );
  return { dashboard, empty: asked.filter(({ answered }) => !answered) };
}

/** Queries without data that nothing allows, and allowed ones that have some. */
export function unexpected({ dashboard, empty }: Coverage): readonly string[] {
  const allowed = EMPTY.filter((one) => one.dashboard === dashboard.name);
  const isOf = (one: Allowed, { panel, text }: Coverage['empty'][number]): boolean =>
    one.panel === panel.title && text.includes(one.query);
  return [
    ...empty
      .filter((found) => !allowed.some((one) => isOf(one, found)))
      .map(({ panel, text }) => `${panel.title}: ${text}`),
    ...allowed
      .filter((one) => !empty.some((found) => isOf(one, found)))
      .map(({ panel, query }) => `has data, though listed as empty: ${panel}: ${query}`),
  ];
}

/** Cells of the guide's table: panels with data, which are those that show at least one query, and queries with data. */
export function coverageCells({ dashboard, empty }: Coverage): readonly string[] {
  const panels = dashboard.panels.filter(({ title }) => !/^(annotation|variable) /.test(title));
  const without = (panel: Panel): number => empty.filter((one) => one.panel === panel).length;
  const shown = panels.filter((panel) => without(panel) < panel.queries.length);
  const queries = dashboard.panels.flatMap((panel) => panel.queries).length;
  return [`${shown.length} of ${panels.length}`, `${queries - empty.length} of ${queries}`];
}
