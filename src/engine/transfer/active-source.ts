import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../common/clock.ts";
import type { DataPort } from "../protocol/data-port.ts";
import type { Log } from "../observer.ts";
import { EngineError, toEngineError } from "../errors.ts";
import { DATA_READ_AHEAD, type DataSource } from "./data-source.ts";

interface ActiveOptions {
  target: DataPort;
  /**
   * Local port of data connections, or undefined for any port. Several connections can share a local port if their
   * remote addresses or ports differ.
   */
  sourcePort: number | undefined;
  clock: Clock;
  log: Log;
}

/**
 * Data source that connects to the client (PORT and EPRT). The command handler checks the address before it creates the
 * source.
 */
export class ActiveSource implements DataSource {
  readonly #options: ActiveOptions;
  #socket: Socket | undefined;

  constructor(options: ActiveOptions) {
    this.#options = options;
  }

  async open(timeoutMilliseconds: number): Promise<Duplex> {
    const { sourcePort, log } = this.#options;
    try {
      return await this.#connect(timeoutMilliseconds, sourcePort);
    } catch (error) {
      if (sourcePort === undefined || !isForbidden(error)) throw error;
      // A pod that was created before a change to `spec.active.sourcePort` can lack the privilege to use ports below
      // 1024.
      log.warn({ sourcePort }, "no permission for the source port of active mode, used another port");
      return await this.#connect(timeoutMilliseconds, undefined);
    }
  }

  dispose(): void {
    this.#socket?.destroy();
  }

  async #connect(timeoutMilliseconds: number, localPort: number | undefined): Promise<Duplex> {
    const { target, clock } = this.#options;
    const socket = connect({
      host: target.address,
      port: target.port,
      allowHalfOpen: true,
      ...DATA_READ_AHEAD,
      noDelay: true,
      ...(localPort === undefined ? {} : { localPort }),
    });
    this.#socket = socket;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const from = localPort === undefined ? "" : ` from port ${localPort}`;
    const fail = (reason: string, cause?: unknown): void => {
      const message = `Cannot open data connection${from}: ${reason}`;
      reject(new EngineError("DataConnectionFailed", message, { cause }));
    };
    const cancel = clock.schedule(timeoutMilliseconds, () => fail("timed out"));
    const onClose = (): void => fail("canceled");
    socket.once("connect", resolve);
    socket.once("error", (error) => fail(toEngineError(error).message, error));
    socket.once("close", onClose);
    try {
      await promise;
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      cancel();
      socket.off("close", onClose);
      this.#socket = undefined;
    }
  }
}

/** Returns whether an error shows that the process lacks permission to bind to the port. */
function isForbidden(error: unknown): boolean {
  return error instanceof EngineError && toEngineError(error.cause).code === "PermissionDenied";
}
