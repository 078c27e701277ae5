import { isIP } from "node:net";
import { CHECK_USER } from "../../api/engine-config.ts";
import type { FtpServerStatus } from "../../api/ftpserver.generated.ts";
import { childNames } from "../../api/names.ts";
import { reportCheck } from "./run-check.ts";
import { readConfigSecret } from "../../plan/desired/config-secret.ts";
import type { Secret } from "../../plan/model/objects.ts";
import { KubectlError } from "../cluster/kubectl.ts";
import type { ServerView } from "../cluster/ftp-server-client.ts";

/** For each step. */
const STEP_TIMEOUT_MILLISECONDS = 10_000;

const NO_ACCOUNT =
  "the server has no account for checks, which are disabled in its spec or in the operator: use `ftp-operator check` with an account of yours";

/**
 * Goes the way of a client from this machine to a server's endpoint, logged in as the operator's own client, whose password lies in
 * the Secret of the engine's configuration. Without that account, the check ends before the login.
 * @param options.family checks another address than that of the endpoint
 * @param options.wait seconds for which a way that is not open is gone again
 * @returns the exit code: 0 no step failed, 1 a step failed
 * @throws KubectlError when there is no endpoint or no address of the family, or the Secret may not be read
 */
export async function checkServer(
  server: ServerView,
  { family, ...options }: { output: "text" | "json"; wait?: number; family?: "ipv4" | "ipv6" },
): Promise<number> {
  const { spec, status } = server.object;
  if (status?.endpoint === undefined)
    throw new KubectlError("the server has no endpoint yet; see `kubectl ftpsrv status`");
  const { hostname, port } = new URL(status.endpoint);
  const secret = await server.kubectl.get<Secret>("secret", childNames.configSecret(server.name));
  const token = readConfigSecret(secret)?.check?.token;
  const isImplicit = spec.tls.mode === "Implicit";
  const tls = isImplicit ? "Implicit" : spec.tls.mode === "Disabled" ? "None" : "Explicit";
  return await reportCheck(
    {
      host: family === undefined ? hostname.replace(/^\[|\]$/g, "") : addressOf(status, family),
      port: port === "" ? (isImplicit ? 990 : 21) : Number(port),
      tls,
      ...(token !== undefined && { account: { user: CHECK_USER, password: token } }),
      // Whose certificate it is, clients judge by the name they dial; here it is the way that counts.
      verifyCertificate: false,
      timeoutMilliseconds: STEP_TIMEOUT_MILLISECONDS,
    },
    { ...options, whyNoAccount: NO_ACCOUNT },
  );
}

/** @throws KubectlError */
function addressOf({ addresses = [] }: FtpServerStatus, family: "ipv4" | "ipv6"): string {
  const version = family === "ipv4" ? 4 : 6;
  const found = addresses.find(({ value }) => isIP(value) === version)?.value;
  if (found !== undefined) return found;
  const all = addresses.map(({ value }) => value).join(", ");
  throw new KubectlError(`the FtpServer has no IPv${version} address; its addresses are: ${all}`);
}
