import type { EngineConfig } from "../../api/engine-config.ts";
import type { Account } from "../auth/account.ts";
import type { DataSource } from "../transfer/data-source.ts";
import { DEFAULT_DEFLATE_LEVEL } from "../transfer/deflate.ts";
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../transfer/digest.ts";
import type { Encoding } from "../transfer/encoding.ts";
import type { Transfer } from "../transfer/transfer.ts";
import type { EngineError } from "../errors.ts";
import type { Protection } from "./security.ts";
import type { GuardedStorage } from "../storage/guarded-storage.ts";
import type { Computation } from "./computation.ts";

/** Who is logged in, and where. */
export interface LoggedInUser {
  account: Account;
  storage: GuardedStorage;
  /** Virtual path of the working directory. */
  directory: string;
}

/** Where a session stands. `deadline`: when login must have happened, milliseconds since the epoch. */
export type SessionState =
  | { type: "AwaitingUser"; deadline: number }
  | { type: "AwaitingPassword"; deadline: number; name: string }
  /** `waiting` is aborted when the client no longer waits for the reply. */
  | { type: "LoggingIn"; deadline: number; name: string; waiting: AbortController }
  | { type: "LoggedIn"; user: LoggedInUser }
  | { type: "Transferring"; user: LoggedInUser; transfer: Transfer }
  | { type: "Computing"; user: LoggedInUser; computation: Computation }
  /** The last reply is on its way. */
  | { type: "Closing" }
  | { type: "Closed" };

/** Aborts what a session waits for or runs beside its control connection. */
export function abortWork(state: SessionState, reason: EngineError): void {
  if (state.type === "LoggingIn") state.waiting.abort(reason);
  if (state.type === "Transferring") state.transfer.abort(reason);
  if (state.type === "Computing") state.computation.abort(reason);
}

/** Facts that MLST and MLSD can tell (RFC 3659 section 7.5), in the order in which they are told. */
export const FACTS = ["Type", "Size", "Modify", "Perm", "Unique", "UNIX.mode"] as const;

export type Fact = (typeof FACTS)[number];

/** What a client set for its transfers and its session; REIN sets it back. */
export interface TransferParameters {
  type: "Ascii" | "Image";
  mode: "Stream" | "Deflate";
  /** How hard MODE Z tries, 0 to 9. */
  deflateLevel: number;
  facts: ReadonlySet<Fact>;
  /** Mode bits that new files and directories do not get (SITE UMASK); undefined: they get all of the configured modes. */
  umask: number | undefined;
  /** How long the client asked to be left idle (SITE IDLE); undefined: as long as the configuration allows. */
  idleSeconds: number | undefined;
  /** What HASH computes. */
  digest: DigestAlgorithm;
  /** After EPSV ALL every other way to a data connection is refused (RFC 2428 section 4). */
  extendedPassiveOnly: boolean;
  protection: Protection;
  /** Made by PASV, EPSV, PORT or EPRT; used up by one transfer. */
  source: DataSource | undefined;
}

export function initialParameters(protection: Protection): TransferParameters {
  return {
    type: "Ascii",
    mode: "Stream",
    deflateLevel: DEFAULT_DEFLATE_LEVEL,
    facts: new Set(FACTS),
    umask: undefined,
    idleSeconds: undefined,
    digest: DIGEST_ALGORITHMS[0],
    extendedPassiveOnly: false,
    protection,
    source: undefined,
  };
}

/** How the next transfer looks on its data connection. */
export function encodingOf({ type, mode, deflateLevel }: TransferParameters): Encoding {
  return { ascii: type === "Ascii", deflateLevel: mode === "Deflate" ? deflateLevel : undefined };
}

/** The limits that are times. */
type TimeLimit = Extract<keyof EngineConfig["limits"], `${string}Seconds`>;

/** Milliseconds of a limit that the configuration gives in seconds. */
export function milliseconds(config: EngineConfig, limit: TimeLimit): number {
  return config.limits[limit] * 1000;
}

/** Seconds without a command or a transfer after which a session ends. */
export function idleSeconds(
  { limits }: EngineConfig,
  desired: Pick<TransferParameters, "idleSeconds">,
): number {
  return Math.min(desired.idleSeconds ?? Number.POSITIVE_INFINITY, limits.idleTimeoutSeconds);
}
