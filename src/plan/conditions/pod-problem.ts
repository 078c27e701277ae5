/** What somebody should know about the pod of one slot. */
export interface PodProblem {
  message: string;
  /** Before this it is no problem yet: milliseconds of Unix time. Absent: it is one now. */
  from?: number;
  /** The slot, when its pod can not end. */
  endlessSlot?: string | undefined;
}

/** @param time RFC 3339 */
export function secondsAfter(time: string, seconds: number): number {
  return Date.parse(time) + seconds * 1000;
}
