import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source that a person chooses at the top of the dashboard. */
export const SOURCE = { uid: '$source' } as const;

type Query = cog.Builder<cog.Dataquery>;

/** A query with the name that Grafana needs where a panel has several. */
function named(query: Query, place: number): Query {
  return { build: () => Object.assign(query.build(), { refId: String.fromCodePoint(65 + place) }) };
}

/** A chart over time. @param span of 24 columns */
export function chart(
  title: string,
  description: string,
  unit: string,
  span: number,
  queries: readonly Query[],
): TimeSeriesPanel {
  const panel = new TimeSeriesPanel()
    .title(title)
    .description(description)
    .unit(unit)
    .span(span)
    .height(8)
    .datasource(SOURCE)
    .drawStyle(GraphDrawStyle.Line)
    .fillOpacity(0)
    .legend(
      new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom),
    );
  for (const [place, query] of queries.entries()) panel.withTarget(named(query, place));
  return panel;
}

/** A chart whose series are stacked. */
export function stacked(...given: Parameters<typeof chart>): TimeSeriesPanel {
  return chart(...given)
    .fillOpacity(30)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** One number. */
export function figure(
  title: string,
  description: string,
  unit: string,
  span: number,
  query: Query,
): StatPanel {
  return new StatPanel()
    .title(title)
    .description(description)
    .unit(unit)
    .span(span)
    .height(4)
    .datasource(SOURCE)
    .withTarget(query);
}
