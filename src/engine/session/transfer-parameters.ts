import type { EngineConfig } from "../../api/engine-config.ts";
import { FACTS, type Fact } from "../protocol/facts.ts";
import { DEFAULT_DEFLATE_LEVEL } from "../transfer/deflate.ts";
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../transfer/digest.ts";
import type { Encoding } from "../transfer/encoding.ts";

/** Protection of data connections (RFC 4217 section 9, PROT): `Clear` means no encryption, and `Private` means TLS. */
export type Protection = "Clear" | "Private";

/** Parameters that a client sets for its transfers and its session. REIN resets the parameters. */
export interface TransferParameters {
  type: "Ascii" | "Image";
  mode: "Stream" | "Deflate";
  /** Compression level in MODE Z, from 0 to 9. */
  deflateLevel: number;
  facts: ReadonlySet<Fact>;
  /** Mode bits to remove from new files and directories (SITE UMASK). `undefined` means no umask. */
  umask: number | undefined;
  /** Idle timeout in seconds that the client requested (SITE IDLE). `undefined` means the configured timeout. */
  idleSeconds: number | undefined;
  /** Algorithm for HASH. */
  digest: DigestAlgorithm;
  /**
   * Whether the client has sent EPSV ALL. The engine then rejects all data connection commands except EPSV (RFC 2428
   * section 4).
   */
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

/** Returns the encoding for the next transfer. */
export function encodingOf({ type, mode, deflateLevel }: TransferParameters): Encoding {
  return { ascii: type === "Ascii", deflateLevel: mode === "Deflate" ? deflateLevel : undefined };
}

/** Returns the idle timeout in seconds. A session ends if no command or transfer runs during this time. */
export function idleSeconds(
  { limits }: EngineConfig,
  { idleSeconds: requested = Number.POSITIVE_INFINITY }: Pick<TransferParameters, "idleSeconds">,
): number {
  return Math.min(requested, limits.idleTimeoutSeconds);
}
