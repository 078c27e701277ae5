import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { barChart } from "../../tools/docs/bar-chart.ts";
import { MEASURED_PAGES, pathOf, plotsOf } from "../../tools/docs/plots.ts";

const FOLDER = join(import.meta.dirname, "../../docs/reference/plots");

describe("plots of measurements", () => {
  for (const page of MEASURED_PAGES) {
    const markdown = readFileSync(pathOf(page), "utf8");

    it(`of docs/reference/${page}.md show the values of its tables`, () => {
      for (const [file, svg] of plotsOf(page, markdown))
        assert.equal(readFileSync(join(FOLDER, file), "utf8"), svg, `${file}: run npm run generate`);
    });

    it(`of docs/reference/${page}.md are on the page with an alternative text`, () => {
      const shown = [...markdown.matchAll(/!\[([^\]]{20,})\]\(plots\/([^)]+)\)/g)].map(
        ([, , file = ""]) => file,
      );
      assert.deepEqual(shown.toSorted(), [...plotsOf(page, markdown).keys()].toSorted());
    });
  }

  it("belong to a page that shows them", () => {
    const wanted = MEASURED_PAGES.flatMap((page) => [
      ...plotsOf(page, readFileSync(pathOf(page), "utf8")).keys(),
    ]);
    assert.deepEqual(globSync("*", { cwd: FOLDER }).toSorted(), wanted.toSorted());
  });
});

test("bar chart draws a bar for each value, its number, the axis with its unit and the limit", () => {
  const svg = barChart({
    title: "Memory <now>",
    axis: "MiB",
    series: ["before", "after"],
    groups: [
      { label: "heap", values: [{ value: 10 }, { value: 20, range: [15, 25] }] },
      { label: "none", values: [undefined, { value: 40 }] },
    ],
    limit: { value: 50, label: "limit" },
  });
  const widths = [...svg.matchAll(/<rect x="12" y="[\d.]+" width="([\d.]+)" height="10"/g)].map(([, width]) =>
    Number(width),
  );
  assert.equal(widths.length, 3);
  assert.deepEqual(
    widths.map((width) => Math.round((width / (widths[0] ?? 1)) * 10)),
    [10, 20, 40],
  );
  for (const label of ["Memory &lt;now&gt;", "MiB", "before", "after", "heap", "none", "20", "limit"])
    assert.ok(svg.includes(`>${label}</text>`), label);
  assert.equal(svg.match(/class="range"/g)?.length, 1);
  assert.match(svg, /prefers-color-scheme: dark/);
});
