/** Writes to the files of a log. */
import { writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";

/** Returns true to distinguish a completed write from a skipped write. */
export function writeFullySync(fd: number, bytes: Buffer, position: number): true {
  for (let written = 0; written < bytes.length; )
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
  return true;
}

/** Returns whether the bytes are written. */
export function tryToWrite(fd: number, bytes: Buffer, position: number): boolean {
  try {
    return writeSync(fd, bytes, 0, bytes.length, position) === bytes.length;
  } catch {
    return false;
  }
}

export async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; )
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
}
