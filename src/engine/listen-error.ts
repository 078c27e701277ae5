import { EngineError } from "./errors.ts";

/** A port that the engine binds at start, and the setting that configures it. */
interface PortUse {
  port: number;
  /** For instance "control port". */
  name: string;
  /** The setting to change, for instance `controlPort`. */
  setting: string;
}

/** The action for each system error. */
const REMEDIES: Readonly<Record<string, (use: PortUse) => string>> = {
  EADDRINUSE: ({ name, port, setting }) =>
    `${name} ${port} is taken by another program; end that program, or change ${setting}`,
  EACCES: ({ name, port, setting }) =>
    `${name} ${port} needs the capability NET_BIND_SERVICE, like all ports below 1024; add it, or change ${setting}`,
};

/** Rejects with an EngineError that names the port and the action, when `bound` rejects because the port is not available. */
export async function namingPort<T>(use: PortUse, bound: Promise<T>): Promise<T> {
  try {
    return await bound;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const remedy = REMEDIES[code];
    if (remedy === undefined) throw error;
    throw new EngineError("Internal", remedy(use), { cause: error });
  }
}
