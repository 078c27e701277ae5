/** Draws bar charts as SVG for light and dark mode: groups of horizontal bars with an axis, a unit and a legend. */

export interface Value {
  readonly value: number;
  /** Minimum and maximum of several measurements. The chart shows this range as a line across the end of the bar. */
  readonly range?: readonly [number, number];
}

export interface BarChart {
  readonly title: string;
  /** Quantity and unit of the axis, for example `throughput in MB/s`. */
  readonly axis: string;
  readonly series: readonly string[];
  /** Values in the order of `series`. The value undefined represents a missing measurement. */
  readonly groups: readonly { readonly label: string; readonly values: readonly (Value | undefined)[] }[];
  readonly logarithmic?: boolean;
  /** Limit for the values, which the chart shows as a dashed line. */
  readonly limit?: { readonly value: number; readonly label: string };
}

const WIDTH = 520;
const MARGIN = 12;
const FONT = 12;
const LINE = 18;
const BAR = 12;
/** Width in pixels that is reserved for the number to the right of the longest bar. */
const NUMBER_WIDTH = 56;
const PLOT_WIDTH = WIDTH - 2 * MARGIN - NUMBER_WIDTH;
/** Colors that readers with color blindness can distinguish. */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#8c8c8c"];

const STYLE = `
    text { font: ${FONT}px system-ui, sans-serif; fill: #1f2328; }
    .title { font-weight: 600; font-size: 14px; }
    .ground { fill: #ffffff; stroke: #d1d9e0; }
    .grid { stroke: #d1d9e0; }
    .range { stroke: #1f2328; }
    .limit { stroke: #cf222e; stroke-dasharray: 4 3; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .ground { fill: #151b23; stroke: #3d444d; }
      .grid { stroke: #3d444d; }
      .range { stroke: #f0f6fc; }
    }`;

/** Returns the chart as an SVG document. */
export function barChart(chart: BarChart): string {
  const scale = scaleOf(chart);
  const groupHeight = LINE + chart.series.length * BAR + 8;
  const top = MARGIN + 2 * LINE + legendRows(chart).length * LINE;
  const bottom = top + chart.groups.length * groupHeight;
  const height = bottom + 2 * LINE + MARGIN;
  const parts = [
    `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>`,
    text(MARGIN, MARGIN + 14, chart.title, "title"),
    ...legend(chart),
    ...axis(scale, chart, top, bottom),
    ...chart.groups.flatMap((group, index) => bars(scale, group, top + index * groupHeight)),
  ];
  const label = `${escape(chart.title)}, ${escape(chart.axis)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
  <style>${STYLE}
  </style>
  ${parts.join("\n  ")}
</svg>
`;
}

interface Scale {
  /** Returns the horizontal position of a value. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function scaleOf({ groups, limit, logarithmic = false }: BarChart): Scale {
  const values = groups.flatMap((group) =>
    group.values.flatMap((bar) => bar?.range?.[1] ?? bar?.value ?? []),
  );
  const most = Math.max(...values, limit?.value ?? 0);
  if (logarithmic) {
    const decades = Math.ceil(Math.log10(most));
    return {
      at: (value) => position(Math.log10(Math.max(value, 1)) / decades),
      ticks: Array.from({ length: decades + 1 }, (_, power) => 10 ** power),
    };
  }
  const magnitude = 10 ** Math.floor(Math.log10(most / 4));
  const step =
    [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => most / size <= 5) ?? magnitude;
  const count = Math.ceil(most / step);
  return {
    at: (value) => position(value / (count * step)),
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
  };
}

function position(share: number): number {
  return round(MARGIN + share * PLOT_WIDTH);
}

function axis({ at, ticks }: Scale, chart: BarChart, top: number, bottom: number): string[] {
  const grid = ticks.map(at).map((x) => line("grid", x, top, x, bottom));
  const numbers = ticks.map((tick) => text(at(tick), bottom + 14, number(tick), undefined, "middle"));
  const title = text(MARGIN + PLOT_WIDTH / 2, bottom + 14 + LINE, axisTitle(chart), undefined, "middle");
  if (chart.limit === undefined) return [...grid, ...numbers, title];
  const x = at(chart.limit.value);
  const label = text(x - 4, top - 4, chart.limit.label, undefined, "end");
  return [...grid, ...numbers, title, line("limit", x, top - LINE, x, bottom), label];
}

function axisTitle({ axis: label, logarithmic }: BarChart): string {
  return logarithmic ? `${label} (logarithmic)` : label;
}

function bars({ at }: Scale, { label, values }: BarChart["groups"][number], top: number): string[] {
  const drawn = values.flatMap((bar, index) => {
    if (bar === undefined) return [];
    const y = top + LINE + index * BAR;
    const [start, end] = [MARGIN, at(bar.value)];
    const fill = COLORS[index % COLORS.length];
    const rect = `<rect x="${start}" y="${y}" width="${round(end - start)}" height="${BAR - 2}" fill="${fill}"/>`;
    const last = Math.max(end, at(bar.range?.[1] ?? 0));
    const range = bar.range?.map(at) ?? [];
    const middle = y + BAR / 2 - 1;
    return [
      rect,
      ...(range.length === 2 ? [line("range", range[0] ?? 0, middle, range[1] ?? 0, middle)] : []),
      text(last + 4, y + BAR - 2, number(bar.value)),
    ];
  });
  return [text(MARGIN, top + 13, label), ...drawn];
}

/**
 * Returns the series names, distributed over rows that fit into the chart width. A character is about 7 pixels wide.
 */
function legendRows({ series }: BarChart): { name: string; index: number; x: number }[][] {
  if (series.length < 2) return [];
  const rows: { name: string; index: number; x: number }[][] = [[]];
  let x = MARGIN;
  for (const [index, name] of series.entries()) {
    const width = 18 + name.length * 7 + 12;
    if (x + width > WIDTH - MARGIN) {
      rows.push([]);
      x = MARGIN;
    }
    rows.at(-1)?.push({ name, index, x });
    x += width;
  }
  return rows;
}

function legend(chart: BarChart): string[] {
  return legendRows(chart).flatMap((row, line) =>
    row.flatMap(({ name, index, x }) => {
      const y = MARGIN + LINE + line * LINE + 4;
      const fill = COLORS[index % COLORS.length];
      return [`<rect x="${x}" y="${y}" width="12" height="12" fill="${fill}"/>`, text(x + 18, y + 10, name)];
    }),
  );
}

function line(style: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${style}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function text(x: number, y: number, content: string, style?: string, anchor?: "middle" | "end"): string {
  const attributes = [style && ` class="${style}"`, anchor && ` text-anchor="${anchor}"`].filter(Boolean);
  return `<text x="${round(x)}" y="${round(y)}"${attributes.join("")}>${escape(content)}</text>`;
}

function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return Number(value.toFixed(digits)).toLocaleString("en-US");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
