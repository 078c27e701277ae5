import { readSync } from "node:fs";

/** O_NONBLOCK | O_CLOEXEC, see open(2): a call never waits for the other end. */
const PIPE_FLAGS = 0o2004000;
/** FIONREAD, see ioctl_fionread(2const). */
const BYTES_AVAILABLE = 0x541bn;
/** SIOCOUTQ, see tcp(7). */
const BYTES_UNSENT = 0x5411n;
/** F_SETPIPE_SZ, see fcntl(2). */
const SET_PIPE_SIZE = 1031;
/** SPLICE_F_MOVE | SPLICE_F_NONBLOCK, see splice(2). */
const SPLICE_FLAGS = 3;
/** What one call moves at most, in bytes: some 0.1 ms of copying, which is what others may wait. */
export const KERNEL_COPY_BYTES = 256 * 1024;
const COUNT = BigInt(KERNEL_COPY_BYTES);

/** What came from a socket. */
export interface Received {
  /** How many bytes the file has got. */
  bytes: number;
  /** Bytes that came behind them and that the file did not take. */
  rest: Uint8Array | undefined;
}

/**
 * Moves bytes between files and sockets within the kernel: a copy less than through this process. All arguments are descriptors,
 * and sockets are read and written as they would be by Node, which must have nothing of theirs waiting. Nothing ever waits.
 */
export interface KernelCopy {
  /** sendfile(2). @returns bytes sent, {@link KERNEL_COPY_BYTES} at most; 0 when there are none, or the socket takes none now */
  send(file: number, position: number, socket: number, bytes: number): number;
  /** splice(2), from a socket to a position of a file: {@link KERNEL_COPY_BYTES} at most, or nothing when none are there now */
  receive(socket: number, file: number, position: number): Received;
  /** Bytes written to a TCP connection that the other end has not taken yet; undefined when the kernel does not tell. */
  unsent(socket: number): number | undefined;
}

const SIGNATURES = {
  sendfile: { arguments: ["i32", "i32", "buffer", "u64"], return: "i64" },
  splice: { arguments: ["i32", "buffer", "i32", "buffer", "u64", "u32"], return: "i64" },
  pipe2: { arguments: ["buffer", "i32"], return: "i32" },
  fcntl: { arguments: ["i32", "i32", "i32"], return: "i32" },
  ioctl: { arguments: ["i32", "u64", "buffer"], return: "i32" },
} as const;

let loaded: { copy: KernelCopy | undefined } | undefined;

/**
 * The kernel's copying, where Node can call the C library: from version 26.1 on, unless `--no-experimental-ffi` is set. Without it
 * everything works, and is slower: docs/contributing/decisions/0007 has the figures. Holds two descriptors from then on.
 */
export function kernelCopy(): KernelCopy | undefined {
  loaded ??= { copy: process.platform === "linux" ? load() : undefined };
  return loaded.copy;
}

function load(): KernelCopy | undefined {
  const warning = Object.getOwnPropertyDescriptor(process, "emitWarning");
  // That the module is experimental is for us to know, and nothing that who runs a server could do something about.
  process.emitWarning = () => {};
  try {
    return bind();
  } catch {
    return undefined;
  } finally {
    if (warning !== undefined) Object.defineProperty(process, "emitWarning", warning);
  }
}

function bind(): KernelCopy | undefined {
  const ffi = process.getBuiltinModule("node:ffi");
  // Older versions of Node have none, whatever its types say.
  if (ffi === undefined) return undefined;
  const { sendfile, splice, pipe2, fcntl, ioctl } = ffi.dlopen(null, SIGNATURES).functions;
  const ends = Buffer.alloc(8);
  if (pipe2(ends, PIPE_FLAGS) !== 0) return undefined;
  const [out, into] = [ends.readInt32LE(0), ends.readInt32LE(4)];
  // As large as one call may be; where that is refused, calls move less.
  fcntl(into, SET_PIPE_SIZE, KERNEL_COPY_BYTES);
  const offset = Buffer.alloc(8);
  const answer = Buffer.alloc(4);
  const ask = (socket: number, what: bigint): number | undefined =>
    ioctl(socket, what, answer) === 0 ? answer.readInt32LE() : undefined;

  /** From the pipe, which is empty again in any case. */
  const empty = (file: number, position: number, count: number): Received => {
    offset.writeBigInt64LE(BigInt(position));
    let left = count;
    while (left > 0) {
      const moved = Number(splice(out, null, file, offset, BigInt(left), SPLICE_FLAGS));
      if (moved > 0) left -= moved;
      else break;
    }
    if (left === 0) return { bytes: count, rest: undefined };
    try {
      const rest = Buffer.allocUnsafeSlow(left);
      for (let read = 0; read < left; ) read += readSync(out, rest, read, left - read, null);
      return { bytes: count - left, rest };
    } catch (error) {
      // What stayed in the pipe would become part of somebody else's file.
      loaded = { copy: undefined };
      throw error;
    }
  };

  return {
    send(file, position, socket, bytes) {
      offset.writeBigInt64LE(BigInt(position));
      const count = bytes < KERNEL_COPY_BYTES ? BigInt(bytes) : COUNT;
      return Math.max(0, Number(sendfile(socket, file, offset, count)));
    },
    receive(socket, file, position) {
      // A broken connection tells of it only once: splice would hear it, and Node take what comes next for a proper end.
      if ((ask(socket, BYTES_AVAILABLE) ?? 0) <= 0) return { bytes: 0, rest: undefined };
      const count = Number(splice(socket, null, into, null, COUNT, SPLICE_FLAGS));
      return count > 0 ? empty(file, position, count) : { bytes: 0, rest: undefined };
    },
    unsent: (socket) => ask(socket, BYTES_UNSENT),
  };
}
