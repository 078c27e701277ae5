import { readSync } from "node:fs";
import type { Received } from "../../storage.ts";
import type { ThreadUsage } from "./io-scheduler.ts";

/** O_NONBLOCK | O_CLOEXEC (see open(2)). A call on the pipe never blocks. */
const PIPE_FLAGS = 0o2004000;
/** FIONREAD (see tcp(7)). */
const BYTES_AVAILABLE = 0x541bn;
/** SIOCOUTQ (see tcp(7)). */
const BYTES_UNSENT = 0x5411n;
/** F_SETPIPE_SZ (see fcntl(2)). */
const SET_PIPE_SIZE = 1031;
/** SPLICE_F_MOVE | SPLICE_F_NONBLOCK (see splice(2)). */
const SPLICE_FLAGS = 3;
/** Flag of recv(2) for a call that never blocks. */
const DO_NOT_WAIT = 0x40;
/** RUSAGE_THREAD (see getrusage(2)), and the size and offsets in bytes of its result on 64-bit machines. */
const THIS_THREAD = 1;
const USAGE_BYTES = 144;
/**
 * Offsets of the CPU times in user mode and in system calls. Each time consists of 8 bytes for the seconds and 8 bytes
 * for the microseconds.
 */
const USER_TIME_OFFSET = 0;
const SYSTEM_TIME_OFFSET = 16;
const VOLUNTARY_OFFSET = 128;
const INVOLUNTARY_OFFSET = 136;
/** Maximum number of bytes per call. A call that copies this many bytes takes about 0.1 ms. */
export const KERNEL_COPY_BYTES = 256 * 1024;
const COUNT = BigInt(KERNEL_COPY_BYTES);
const NOTHING: Received = { bytes: 0, rest: undefined };

const SIGNATURES = {
  sendfile: { arguments: ["i32", "i32", "buffer", "u64"], return: "i64" },
  splice: { arguments: ["i32", "buffer", "i32", "buffer", "u64", "u32"], return: "i64" },
  pipe2: { arguments: ["buffer", "i32"], return: "i32" },
  recv: { arguments: ["i32", "buffer", "u64", "i32"], return: "i64" },
  fcntl: { arguments: ["i32", "i32", "i32"], return: "i32" },
  ioctl: { arguments: ["i32", "u64", "buffer"], return: "i32" },
  getrusage: { arguments: ["i32", "buffer"], return: "i32" },
} as const;

/**
 * Opens the C library that this process has already loaded.
 * @throws Error when Node.js cannot call the library
 */
function openLibrary() {
  return process.getBuiltinModule("node:ffi").dlopen(null, SIGNATURES).functions;
}

/**
 * Copies bytes between files and sockets within the kernel, bypassing this process. All arguments are descriptors.
 * Node.js must not have buffered any bytes for these sockets. No call blocks.
 */
export class KernelCopy {
  readonly #library: ReturnType<typeof openLibrary>;
  /**
   * Pipe for splice(2). The pipe is empty between two calls. The value is undefined after a call that could not empty
   * the pipe.
   */
  #pipe: { out: number; into: number } | undefined;
  readonly #offset = Buffer.alloc(8);
  readonly #answer = Buffer.alloc(4);
  readonly #usage = Buffer.alloc(USAGE_BYTES);

  private constructor(library: ReturnType<typeof openLibrary>, pipe: { out: number; into: number }) {
    this.#library = library;
    this.#pipe = pipe;
  }

  /**
   * Opens the pipe, and binds the system calls. Returns undefined when Node.js cannot call the C library: before
   * version 26.1, or with `--no-experimental-ffi`. Transfers then still work, but use more CPU time
   * (docs/contributing/decisions/0007).
   */
  static load(): KernelCopy | undefined {
    if (process.platform !== "linux") return undefined;
    const library = withoutWarnings(openLibrary);
    const ends = Buffer.alloc(8);
    if (library === undefined || library.pipe2(ends, PIPE_FLAGS) !== 0) return undefined;
    const [out, into] = [ends.readInt32LE(0), ends.readInt32LE(4)];
    // If the kernel rejects this pipe size, each call copies fewer bytes.
    library.fcntl(into, SET_PIPE_SIZE, KERNEL_COPY_BYTES);
    return new KernelCopy(library, { out, into });
  }

  /**
   * Sends bytes from a file to a socket (sendfile(2)).
   * @returns number of bytes sent, at most {@link KERNEL_COPY_BYTES}. The number is 0 at the end of the file, when the
   *   send buffer of the socket is full, or when sendfile(2) fails.
   */
  send(file: number, position: number, socket: number, bytes: number): number {
    this.#offset.writeBigInt64LE(BigInt(position));
    const count = bytes < KERNEL_COPY_BYTES ? BigInt(bytes) : COUNT;
    return Math.max(0, Number(this.#library.sendfile(socket, file, this.#offset, count)));
  }

  /**
   * Moves the available bytes from a socket to a position in a file (splice(2)), at most {@link KERNEL_COPY_BYTES}.
   * Returns undefined if this process must read the bytes itself.
   */
  receive(socket: number, file: number, position: number): Received | undefined {
    if (this.#pipe === undefined) return undefined;
    // The kernel reports a broken connection only once. If splice(2) received the error, Node.js would treat the next
    // event as a normal end of the connection.
    if ((this.#ask(socket, BYTES_AVAILABLE) ?? 0) <= 0) return NOTHING;
    const count = Number(this.#library.splice(socket, null, this.#pipe.into, null, COUNT, SPLICE_FLAGS));
    return count > 0 ? this.#empty(this.#pipe.out, file, position, count) : NOTHING;
  }

  /**
   * Reads the available bytes from a socket into a buffer (recv(2)).
   * @returns number of bytes read, or 0 when no bytes are available or recv(2) fails
   */
  read(socket: number, buffer: Uint8Array): number {
    if ((this.#ask(socket, BYTES_AVAILABLE) ?? 0) <= 0) return 0;
    return Math.max(0, Number(this.#library.recv(socket, buffer, BigInt(buffer.length), DO_NOT_WAIT)));
  }

  /**
   * Returns the number of sent bytes that the peer of a TCP connection has not acknowledged. Returns undefined when the
   * kernel does not report the number.
   */
  unsent(socket: number): number | undefined {
    return this.#ask(socket, BYTES_UNSENT);
  }

  /** Returns the usage of this thread (getrusage(2)). The kernel updates the CPU time at each timer tick and suspension. */
  threadUsage(): ThreadUsage | undefined {
    if (this.#library.getrusage(THIS_THREAD, this.#usage) !== 0) return undefined;
    return {
      voluntary: this.#usage.readUInt32LE(VOLUNTARY_OFFSET),
      involuntary: this.#usage.readUInt32LE(INVOLUNTARY_OFFSET),
      cpuTime: this.#milliseconds(USER_TIME_OFFSET) + this.#milliseconds(SYSTEM_TIME_OFFSET),
    };
  }

  /** Returns the CPU time at an offset in `#usage`, in milliseconds. */
  #milliseconds(offset: number): number {
    return this.#usage.readUInt32LE(offset) * 1000 + this.#usage.readUInt32LE(offset + 8) / 1000;
  }

  #ask(socket: number, request: bigint): number | undefined {
    return this.#library.ioctl(socket, request, this.#answer) === 0 ? this.#answer.readInt32LE() : undefined;
  }

  /** Writes all bytes in the pipe to a file. Returns the bytes that the file did not accept. */
  #empty(out: number, file: number, position: number, count: number): Received {
    this.#offset.writeBigInt64LE(BigInt(position));
    let left = count;
    while (left > 0) {
      const moved = Number(this.#library.splice(out, null, file, this.#offset, BigInt(left), SPLICE_FLAGS));
      if (moved > 0) left -= moved;
      else break;
    }
    if (left === 0) return { bytes: count, rest: undefined };
    try {
      const rest = Buffer.allocUnsafeSlow(left);
      for (let read = 0; read < left; ) read += readSync(out, rest, read, left - read, null);
      return { bytes: count - left, rest };
    } catch (error) {
      // The pipe still contains bytes, which the next call would write to another file.
      this.#pipe = undefined;
      throw error;
    }
  }
}

/**
 * Runs a function with Node.js warnings disabled. Returns undefined if the function throws. Node.js has no other way to
 * suppress the warning about the experimental module. The warning is not useful for users.
 */
function withoutWarnings<T>(call: () => T): T | undefined {
  const emitWarning = Object.getOwnPropertyDescriptor(process, "emitWarning");
  process.emitWarning = () => {};
  try {
    return call();
  } catch {
    return undefined;
  } finally {
    if (emitWarning !== undefined) Object.defineProperty(process, "emitWarning", emitWarning);
  }
}
