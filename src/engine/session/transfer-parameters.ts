import type { EngineConfig } from "../../api/engine-config.ts";
import { FACTS, type Fact } from "../protocol/facts.ts";
import { DEFAULT_DEFLATE_LEVEL } from "../transfer/deflate.ts";
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../transfer/digest.ts";
import type { Encoding } from "../transfer/encoding.ts";

/** Whether data connections are plain or protected by TLS (RFC 4217 section 9, PROT). */
export type Protection = "Clear" | "Private";

/** Parameters that a client sets for its transfers and its session. REIN resets them. */
export interface TransferParameters {
  type: "Ascii" | "Image";
  mode: "Stream" | "Deflate";
  /** Compression level of MODE Z, 0 to 9. */
  deflateLevel: number;
  facts: ReadonlySet<Fact>;
  /** Mode bits that new files and directories do not get (SITE UMASK). Undefined: no mask. */
  umask: number | undefined;
  /** Idle timeout that the client requested (SITE IDLE), in seconds. Undefined: the configured timeout. */
  idleSeconds: number | undefined;
  /** Algorithm of HASH. */
  digest: DigestAlgorithm;
  /** After EPSV ALL, all commands for data connections except EPSV are rejected (RFC 2428 section 4). */
  extendedPassiveOnly: boolean;
  protection: Protection;
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
  };
}

/** Returns the encoding of the next transfer on its data connection. */
export function encodingOf({ type, mode, deflateLevel }: TransferParameters): Encoding {
  return { ascii: type === "Ascii", deflateLevel: mode === "Deflate" ? deflateLevel : undefined };
}

/** Returns the seconds without a command or transfer after which the session ends. */
export function idleSeconds(
  { limits }: EngineConfig,
  { idleSeconds: requested = Number.POSITIVE_INFINITY }: Pick<TransferParameters, "idleSeconds">,
): number {
  return Math.min(requested, limits.idleTimeoutSeconds);
}
