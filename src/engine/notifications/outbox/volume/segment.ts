/** Files that contain the lines of a log. */
import { readFile } from "node:fs/promises";
import type { Line } from "../event-log.ts";

const LINE_FEED = 0x0a;

export interface Segment {
  /** Number in the file name. */
  number: number;
  bytes: number;
  lines: number;
  /** Number of delivered lines. */
  delivered: number;
}

/** Splits bytes into complete lines. An incomplete last line remains for the next read. */
export function splitLines(bytes: Buffer, segment: number, offset: number): { lines: Line[]; next: number } {
  const lines: Line[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push({ text: bytes.toString("utf8", start, end), end: { segment, offset: offset + end + 1 } });
    start = end + 1;
  }
  return { lines, next: offset + start };
}

/** Counts the complete lines in a segment. Ignores an incomplete last line, which a crash during a write can cause. */
export async function measure(path: string, number: number, deliveredBytes: number): Promise<Segment> {
  const bytes = await readFile(path);
  const complete = bytes.lastIndexOf(LINE_FEED) + 1;
  const count = (part: Buffer): number => splitLines(part, number, 0).lines.length;
  return {
    number,
    bytes: complete,
    lines: count(bytes.subarray(0, complete)),
    delivered: count(bytes.subarray(0, Math.min(deliveredBytes, complete))),
  };
}
