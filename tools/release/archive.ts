/** Writes reproducible archives, which have sorted file names, one owner and one modification time. */
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const BLOCK_BYTES = 512;
const MAX_NAME_BYTES = 100;

/** A regular file in an archive. */
export interface Entry {
  /** Path with slashes as separators, at most 100 bytes. */
  readonly name: string;
  readonly executable?: boolean;
  readonly content: Buffer | { readonly file: string };
}

/**
 * Writes a .tar.gz file with POSIX ustar headers. The archive contains no links or extended headers, because krew
 * accepts only regular files and folders.
 */
export async function writeTarGz(path: string, entries: readonly Entry[], epoch: number): Promise<void> {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  // For the Node.js binary, compression level 6 takes 8 seconds. Level 9 takes 50 seconds, and makes the archive only
  // 0.6 % smaller.
  await pipeline(blocksOf(sorted, epoch), createGzip({ level: 6 }), createWriteStream(path));
}

async function* blocksOf(entries: readonly Entry[], epoch: number): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    const { content } = entry;
    const size = Buffer.isBuffer(content) ? content.length : statSync(content.file).size;
    yield headerOf(entry, size, epoch);
    if (Buffer.isBuffer(content)) yield content;
    else yield* createReadStream(content.file) as AsyncIterable<Buffer>;
    yield Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

/** POSIX.1-1988, section 10.1.1. */
function headerOf({ name, executable }: Entry, size: number, epoch: number): Buffer {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new Error(`name too long for an archive: ${name}`);
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, offset: number, length: number): void => {
    header.write(value.toString(8).padStart(length - 1, "0"), offset, "latin1");
  };
  header.write(name, 0);
  octal(executable ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(epoch, 136, 12);
  // The checksum is calculated as if the checksum field contained spaces.
  header.write("        0", 148, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  header.write("\0 ", 154, "latin1");
  return header;
}
