/** The FtpServers that the dual-stack tests connect to. */
import type { TestNamespace } from "./test-namespace.ts";

export const PASSWORD = "secret";
const USERS = { alice: PASSWORD };
/** Name of the FtpServer with IPv4, IPv6 and active mode. */
export const BOTH = "both";
/** Name of the FtpServer with only IPv6. */
export const SIX = "six";
/** Name of the FtpServer with node ports. */
export const NODES = "nodes";
/** Name of the FtpServer with two replicas and allowed IPv6 networks. */
export const LISTED = "listed";
/** Name of the FtpServer behind HAProxy. */
export const BEHIND = "behind";
/** Passive ports. Node ports are below 30086, because the API server rarely assigns these automatically (KEP-3668). */
export const PORTS = {
  [BOTH]: { first: 51100, last: 51105 },
  [SIX]: { first: 51110, last: 51115 },
  [NODES]: { first: 30030, last: 30035 },
  [LISTED]: { first: 51120, last: 51125 },
  [BEHIND]: { first: 51130, last: 51133 },
} as const;
const DUAL = { exposure: { service: { ipFamilyPolicy: "RequireDualStack" } } };
export const NODE_CONTROL_PORT = 30029;

export type Named = keyof typeof PORTS;

function specsFor({ hosts6 }: TestNamespace["cluster"]): Record<Named, object> {
  const at = (name: Named) => ({ passive: { portRange: PORTS[name] } });
  return {
    [BOTH]: {
      ...at(BOTH),
      exposure: { service: { ...DUAL.exposure.service, labels: { pool: "blue" } } },
      active: { mode: "Enabled" },
    },
    [SIX]: {
      ...at(SIX),
      exposure: { service: { ipFamilies: ["IPv6"] } },
      active: { mode: "Enabled" },
      networkPolicy: { allowedClients: ["2001:db8:51::/64"] },
      users: [
        {
          name: "alice",
          passwordSecretRef: { name: `${SIX}-alice` },
          allowedClients: [`${hosts6.client}/128`],
        },
      ],
    },
    [NODES]: {
      ...at(NODES),
      exposure: { type: "NodePort", nodePort: { controlPort: NODE_CONTROL_PORT }, ...DUAL.exposure },
    },
    [LISTED]: {
      ...at(LISTED),
      ...DUAL,
      replicas: 2,
      networkPolicy: { allowedClients: [`${hosts6.client}/128`] },
    },
    [BEHIND]: {
      passive: { portRange: PORTS[BEHIND], address: { type: "ControlConnection" } },
      exposure: { service: { ipFamilies: ["IPv6"] } },
      proxyProtocol: { mode: "Enabled", trustedSources: [`${hosts6.other}/128`] },
    },
  };
}

/** Creates all FtpServers and waits until they are Ready. */
export async function applyDualStackServers(namespace: TestNamespace): Promise<void> {
  const specs = Object.entries(specsFor(namespace.cluster));
  for (const [name, spec] of specs) await namespace.applyServer(name, USERS, spec);
  await Promise.all(specs.map(([name]) => namespace.waitReady(name)));
}
