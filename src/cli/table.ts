import { printable } from "../common/printable.ts";

/** Lines of cells as a table with aligned columns, the way kubectl prints. An empty cell shows as `-`. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows.map((row) => row.map((cell) => (cell === "" ? "-" : printable(cell))))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd();
  return `${lines.map(format).join("\n")}\n`;
}
