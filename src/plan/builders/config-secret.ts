import type { EngineConfig, EngineUser } from "../../api/engine-config.ts";
import { childNames, CONTAINER_CONTROL_PORT, CONTAINER_METRICS_PORT } from "../../api/names.ts";
import type { Context } from "../context.ts";
import { canonicalJson, hashOf } from "../hash.ts";
import type { Secret } from "../objects.ts";
import { ENGINE_CONFIG_KEY, STORAGE_PATH } from "./engine-pod.ts";
import { childMetadata } from "./metadata.ts";

/** The engine's whole config. Its generation is a hash of the rest, so equal configs have equal bytes. */
export function buildEngineConfig({ spec, observed, address, maskedClients }: Context): EngineConfig {
  const config: Omit<EngineConfig, "generation"> = {
    version: 1,
    controlPort: CONTAINER_CONTROL_PORT,
    metricsPort: CONTAINER_METRICS_PORT,
    ...(spec.banner === undefined ? {} : { banner: spec.banner }),
    passive: {
      portRange: spec.passive.portRange,
      address: address.announced,
      overrides: [],
      portSharing: spec.passive.portSharing,
    },
    active: spec.active,
    maskedClients,
    users: buildUsers(spec.users, observed.passwords),
    limits: {
      ...spec.limits,
      commandLineBytes: 4096,
      queuedCommands: 32,
      unknownCommands: 10,
      listingEntries: 1_000_000,
      checksumBytes: 2 ** 40,
      failedLogins: { perSession: 3, delaySeconds: 1, attempts: 20, periodSeconds: 300, banSeconds: 300 },
    },
    uploads: { incomplete: "Keep", sync: "Always", missingCloseNotify: "Refuse" },
    storage: { root: STORAGE_PATH },
    logging: spec.logging,
    drainPeriodSeconds: spec.rollout.drainPeriodSeconds,
  };
  return { ...config, generation: hashOf(config) };
}

/** Users without a usable password can not log in, so the engine is not told of them. */
function buildUsers(
  users: Context["spec"]["users"],
  passwords: Context["observed"]["passwords"],
): EngineUser[] {
  return users
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((user) => {
      const { name, permissions, homeDirectory = `/${name}` } = user;
      const password = passwords.get(name);
      if (password === undefined || "problem" in password) return [];
      const { hash: passwordHash, source: passwordSource } = password;
      return [{ name, passwordHash, passwordSource, homeDirectory, permissions }];
    });
}

/** The config inside a Secret made by {@link buildConfigSecret}; undefined when somebody has spoilt it. */
export function readConfigSecret(secret: Secret | undefined): EngineConfig | undefined {
  const encoded = secret?.data?.[ENGINE_CONFIG_KEY];
  if (encoded === undefined) return undefined;
  try {
    const config: EngineConfig = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
    return Array.isArray(config?.users) ? config : undefined;
  } catch {
    return undefined;
  }
}

export function buildConfigSecret({ server }: Context, config: EngineConfig): Secret {
  const data = { [ENGINE_CONFIG_KEY]: Buffer.from(canonicalJson(config)).toString("base64") };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: childMetadata(server, childNames.configSecret(server.metadata.name)),
    type: "Opaque",
    data,
  };
}
