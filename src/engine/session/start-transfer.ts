import { SecuredSource } from "../transfer/data-protection.ts";
import type { DataSource } from "../transfer/data-source.ts";
import { Transfer, type Job } from "../transfer/transfer.ts";
import { EngineError } from "../errors.ts";
import type { Session } from "./session.ts";
import { milliseconds } from "./state.ts";

type Owner = Pick<Session, "engine" | "security" | "parameters">;

/** Starts the transfer of a job over a session's data connection, with the protection of PROT and the configured timeouts. */
export function transferOf(session: Owner, source: DataSource, job: Job): Transfer {
  const { config, clock } = session.engine;
  return new Transfer({
    source: protectedSource(session, source),
    job,
    clock,
    connectTimeout: milliseconds(config, "dataConnectTimeoutSeconds"),
    stallTimeout: milliseconds(config, "stalledTransferTimeoutSeconds"),
  });
}

function protectedSource({ security, parameters }: Owner, source: DataSource): DataSource {
  if (parameters.protection === "Clear") return source;
  if (security === undefined) throw new EngineError("Internal", "TLS is not on");
  return new SecuredSource(source, security.data);
}
