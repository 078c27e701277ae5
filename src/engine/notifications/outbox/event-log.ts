/** Position after a line: number of the segment or batch, and offset within the segment or batch. */
export interface Position {
  segment: number;
  offset: number;
}

/** Log line and the position after the line. */
export interface Line {
  text: string;
  end: Position;
}

/** Undelivered events of one notification, one event per line. Lines are delivered in the order of the log. */
export interface EventLog {
  /** Number of undelivered lines. */
  readonly pending: number;
  /** Number of stored bytes. */
  readonly bytes: number;
  /** Whether all lines have been read. */
  readonly isRead: boolean;
  /**
   * Stores lines. The text of each line contains no line break.
   * @param sync whether to wait until the lines are on stable storage
   * @returns number of undelivered lines that were discarded because the log was full
   */
  append(lines: readonly string[], sync: boolean): Promise<number>;
  /** Returns the next unread lines, or an empty list at the end. */
  read(): Promise<Line[]>;
  /** Records that the lines with these end positions, and all lines before the last position, are delivered. */
  acknowledge(ends: readonly Position[]): Promise<void>;
  /** Stores which lines are delivered, so that the next engine does not deliver these lines again. */
  flush(): Promise<void>;
  /** Removes all lines. */
  remove(): Promise<void>;
  close(): Promise<void>;
}
