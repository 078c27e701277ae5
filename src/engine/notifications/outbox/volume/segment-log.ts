import { mkdir, open, readdir, readFile, rm, unlink, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { IoScheduler } from "../../../storage/local/system/io-scheduler.ts";
import {
  MAX_BYTES_AT_ONCE,
  MAX_RECENT_BYTES,
  MAX_STORED_BYTES,
  POSITION_PERIOD,
  SEGMENT_BYTES,
} from "../../limits.ts";
import type { EventLog, Line, Position } from "../event-log.ts";
import { measure, type Segment, splitLines } from "./segment.ts";
import { tryToWrite, writeFully, writeFullySync } from "./writes.ts";

/** Bytes per read, enough for several hundred events. */
const READ_BYTES = 128 * 1024;
const POSITION_FILE = "position";
const SEGMENT = /^\d{10}\.log$/u;

export interface LogLimits {
  segmentBytes: number;
  storedBytes: number;
  recentBytes: number;
  /** Minimum time in milliseconds between two writes of the delivery position. */
  positionPeriod: number;
}

const LIMITS: LogLimits = {
  segmentBytes: SEGMENT_BYTES,
  storedBytes: MAX_STORED_BYTES,
  recentBytes: MAX_RECENT_BYTES,
  positionPeriod: POSITION_PERIOD,
};

/**
 * Event log in numbered files of a directory. The log records the position up to which all lines are delivered. After a
 * crash, all lines after the last written position are delivered again. Positions contain byte offsets.
 */
export class SegmentLog implements EventLog {
  readonly directory: string;
  readonly #scheduler: IoScheduler;
  readonly #limits: LogLimits;
  readonly #segments: Segment[];
  #file: FileHandle | undefined;
  #read: Position;
  #position: Position;
  #positionWrittenAt = 0;
  #isPositionDue = false;
  /** Unread lines at the end of the log. A reader that keeps up with the log reads no files. */
  #recent: Line[] = [];
  #recentBytes = 0;

  private constructor(
    directory: string,
    scheduler: IoScheduler,
    { segments, position }: { segments: Segment[]; position: Position },
    limits: LogLimits,
  ) {
    this.directory = directory;
    this.#scheduler = scheduler;
    this.#segments = segments;
    this.#position = position;
    this.#read = position;
    this.#limits = limits;
  }

  /** Opens the log in a directory. Creates a missing directory. */
  static async open(directory: string, limits: Partial<LogLimits> = {}): Promise<SegmentLog> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const position = await readPosition(join(directory, POSITION_FILE));
    const segments: Segment[] = [];
    for (const name of (await readdir(directory)).filter((one) => SEGMENT.test(one)).toSorted()) {
      const number = Number.parseInt(name, 10);
      const delivered = number === position.segment ? position.offset : 0;
      if (number < position.segment) await unlink(join(directory, name));
      else segments.push(await measure(join(directory, name), number, delivered));
    }
    const scheduler = await IoScheduler.forVolume(directory);
    return new SegmentLog(directory, scheduler, { segments, position }, { ...LIMITS, ...limits });
  }

  get pending(): number {
    return this.#segments.reduce((sum, { lines, delivered }) => sum + lines - delivered, 0);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get isRead(): boolean {
    const last = this.#segments.at(-1);
    return (
      last === undefined ||
      this.#read.segment > last.number ||
      (this.#read.segment === last.number && this.#read.offset >= last.bytes)
    );
  }

  async append(lines: readonly string[], sync: boolean): Promise<number> {
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    const { file, segment } = await this.#writable();
    // After a failed write, the next write overwrites the incomplete line.
    const isWritten = this.#scheduler.ifFast(1, () => writeFullySync(file.fd, bytes, segment.bytes));
    if (isWritten === undefined) await writeFully(file, bytes, segment.bytes);
    this.#appended(segment, lines, bytes.length);
    if (sync) await file.datasync();
    return await this.#discardOldest();
  }

  /**
   * Stores lines if the write takes only microseconds, and returns true. Must not be called while `append` is running.
   */
  appendNow(lines: readonly string[]): boolean {
    const [file, segment] = [this.#file, this.#segments.at(-1)];
    if (file === undefined || segment === undefined || segment.bytes >= this.#limits.segmentBytes)
      return false;
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    if (bytes.length > MAX_BYTES_AT_ONCE || this.bytes + bytes.length > this.#limits.storedBytes)
      return false;
    if (this.#scheduler.ifFast(1, () => tryToWrite(file.fd, bytes, segment.bytes)) !== true) return false;
    this.#appended(segment, lines, bytes.length);
    return true;
  }

  async read(): Promise<Line[]> {
    if (this.#recent.length > 0) return this.#takeRecent();
    for (;;) {
      const segment = this.#segments.find(({ number }) => number >= this.#read.segment);
      if (segment === undefined) return [];
      const offset = segment.number === this.#read.segment ? this.#read.offset : 0;
      const { lines, next } = await this.#readSegment(segment, offset);
      if (lines.length > 0 || segment === this.#segments.at(-1)) {
        this.#read = { segment: segment.number, offset: next };
        return lines;
      }
      this.#read = { segment: segment.number + 1, offset: 0 };
    }
  }

  /** Removes delivered segments. */
  async acknowledge(ends: readonly Position[]): Promise<void> {
    for (const end of ends) {
      const segment = this.#segments.find(({ number }) => number === end.segment);
      if (segment !== undefined) segment.delivered += 1;
    }
    this.#position = ends.at(-1) ?? this.#position;
    this.#isPositionDue = true;
    for (
      let first = this.#segments[0];
      first !== undefined && this.#isDelivered(first);
      first = this.#segments[0]
    )
      await this.#remove(first);
    if (Date.now() - this.#positionWrittenAt >= this.#limits.positionPeriod) await this.flush();
  }

  async flush(): Promise<void> {
    if (!this.#isPositionDue) return;
    this.#isPositionDue = false;
    this.#positionWrittenAt = Date.now();
    await writeFile(join(this.directory, POSITION_FILE), JSON.stringify(this.#position), { mode: 0o600 });
  }

  async remove(): Promise<void> {
    await this.close();
    this.#segments.length = 0;
    await rm(this.directory, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Counts lines and keeps them in memory. If too many lines are unread, the reader reads the files instead. */
  #appended(segment: Segment, lines: readonly string[], bytes: number): void {
    const isFollowed = this.#recent.length > 0 || this.isRead;
    let offset = segment.bytes;
    segment.bytes += bytes;
    segment.lines += lines.length;
    if (!isFollowed) return;
    this.#recentBytes += bytes;
    if (this.#recentBytes > this.#limits.recentBytes) return this.#forgetRecent();
    for (const text of lines) {
      offset += Buffer.byteLength(text) + 1;
      this.#recent.push({ text, end: { segment: segment.number, offset } });
    }
  }

  #takeRecent(): Line[] {
    const lines = this.#recent;
    this.#read = lines.at(-1)?.end ?? this.#read;
    this.#forgetRecent();
    return lines;
  }

  #forgetRecent(): void {
    this.#recent = [];
    this.#recentBytes = 0;
  }

  /** Returns whether a segment can be removed. Keeps a segment to which lines can still be appended. */
  #isDelivered(segment: Segment): boolean {
    const isLast = segment === this.#segments.at(-1);
    if (isLast && segment.bytes < this.#limits.segmentBytes) return false;
    return (
      segment.number < this.#position.segment ||
      (segment.number === this.#position.segment && this.#position.offset >= segment.bytes)
    );
  }

  async #writable(): Promise<{ file: FileHandle; segment: Segment }> {
    const last = this.#segments.at(-1);
    if (this.#file !== undefined && last !== undefined && last.bytes < this.#limits.segmentBytes)
      return { file: this.#file, segment: last };
    await this.close();
    const number = Math.max(last?.number ?? 0, this.#position.segment, this.#read.segment) + 1;
    const segment = { number, bytes: 0, lines: 0, delivered: 0 };
    const file = await open(this.#fileOf(number), "w", 0o600);
    this.#file = file;
    this.#segments.push(segment);
    return { file, segment };
  }

  async #discardOldest(): Promise<number> {
    let discarded = 0;
    for (
      let first = this.#segments[0];
      first !== undefined && this.bytes > this.#limits.storedBytes;
      first = this.#segments[0]
    ) {
      if (this.#segments.length === 1) break;
      discarded += first.lines - first.delivered;
      if (this.#recent[0]?.end.segment === first.number) this.#forgetRecent();
      await this.#remove(first);
    }
    return discarded;
  }

  async #remove(segment: Segment): Promise<void> {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    if (this.#segments.length === 0) await this.close();
    await unlink(this.#fileOf(segment.number)).catch(() => undefined);
  }

  async #readSegment(segment: Segment, offset: number): Promise<{ lines: Line[]; next: number }> {
    const size = Math.min(READ_BYTES, segment.bytes - offset);
    if (size <= 0) return { lines: [], next: offset };
    const file = await open(this.#fileOf(segment.number), "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
      return splitLines(buffer.subarray(0, bytesRead), segment.number, offset);
    } finally {
      await file.close();
    }
  }

  #fileOf(number: number): string {
    return join(this.directory, `${String(number).padStart(10, "0")}.log`);
  }
}

/** Returns the delivery position. If the file is missing or incomplete after a crash, returns the start of the log. */
async function readPosition(path: string): Promise<Position> {
  try {
    const value: Partial<Position> = JSON.parse(await readFile(path, "utf8"));
    const { segment, offset } = value;
    if (Number.isSafeInteger(segment) && Number.isSafeInteger(offset))
      return { segment: Number(segment), offset: Number(offset) };
  } catch {
    // The engine delivers all events in the directory again.
  }
  return { segment: 0, offset: 0 };
}
