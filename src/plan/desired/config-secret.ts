import type { EngineConfig, EngineUser } from "../../api/engine-config.ts";
import type {
  FtpServerAnonymous,
  FtpServerLimits,
  FtpServerSpec,
  FtpServerTls,
} from "../../api/ftpserver.generated.ts";
import { childNames, CONTAINER_CONTROL_PORT, CONTAINER_METRICS_PORT } from "../../api/names.ts";
import { canonicalJson, hashOf } from "../../common/json.ts";
import { accountKey } from "../accounts/admission.ts";
import {
  bytesOf,
  engineAccount,
  engineQuota,
  engineUserLimits,
  ftpUserAccount,
} from "../accounts/engine-account.ts";
import type { Decision } from "../model/decision.ts";
import type { Secret } from "../model/objects.ts";
import { CERTIFICATE_KEY, type Observed, PRIVATE_KEY_KEY } from "../model/observed.ts";
import { childMetadata } from "./child-metadata.ts";
import { engineNotifications } from "./notifications.ts";
import { engineStorages } from "./storage-volumes.ts";
import { CLIENT_AUTHORITIES_DIRECTORY, ENGINE_CONFIG_KEY, TLS_DIRECTORY } from "./pod-volumes.ts";

/**
 * Returns the engine configuration. The field `generation` is a hash of all other fields, so that equal configurations
 * are byte-for-byte equal.
 */
export function buildEngineConfig(decision: Decision): EngineConfig {
  const { spec, observed, network } = decision;
  const { proxyProtocol, anonymous } = spec;
  const config: Omit<EngineConfig, "generation"> = {
    version: 1,
    controlPort: CONTAINER_CONTROL_PORT,
    metricsPort: CONTAINER_METRICS_PORT,
    ...(spec.banner === undefined ? {} : { banner: spec.banner }),
    passive: {
      portRange: spec.passive.portRange,
      address: network.announced.address,
      overrides: spec.passive.address.overrides ?? [],
      portSharing: spec.passive.portSharing,
    },
    active: spec.active,
    ...engineTls(spec.tls),
    ...(proxyProtocol.mode === "Disabled"
      ? {}
      : { proxyProtocol: { trustedSources: proxyProtocol.trustedSources } }),
    ...engineAnonymous(anonymous),
    maskedClients: [...network.snatSources],
    users: buildUsers(spec, observed),
    ...(isChecked(spec, observed) ? { check: { token: observed.checkToken } } : {}),
    limits: engineLimits(spec.limits),
    files: spec.files,
    uploads: spec.uploads,
    ...engineStorages(decision),
    ...engineNotifications(decision),
    logging: spec.logging,
    handOverSeconds: spec.rollout.handOverSeconds,
    drainPeriodSeconds: spec.rollout.drainPeriodSeconds,
  };
  return { ...config, generation: hashOf(config) };
}

function engineLimits({ failedLogins, ...limits }: FtpServerLimits): EngineConfig["limits"] {
  const { bans, banSeconds, ...attempts } = failedLogins;
  return {
    ...limits,
    commandLineBytes: bytesOf(limits.commandLineBytes),
    checksumBytes: bytesOf(limits.checksumBytes),
    failedLogins: { ...attempts, banSeconds: bans === "Enabled" ? banSeconds : 0 },
  };
}

function isChecked({ reachabilityCheck }: FtpServerSpec, { settings }: Observed): boolean {
  return reachabilityCheck.mode === "Enabled" && settings.reachabilityChecks;
}

/**
 * Returns the accounts in the engine configuration. The list omits enabled users whose password cannot be read, because
 * these users cannot log in.
 */
function buildUsers({ users }: FtpServerSpec, observed: Observed): EngineUser[] {
  const own = users.flatMap(({ name, ...user }) =>
    engineAccount(name, { homeDirectory: `/${name}`, ...user }, observed.passwords.get(name)),
  );
  const others = observed.admissions
    .filter(({ rejection }) => rejection === undefined)
    .flatMap(({ user, loginName, homeDirectory }) =>
      engineAccount(
        loginName,
        ftpUserAccount(user, homeDirectory),
        observed.accountPasswords.get(accountKey(user)),
      ),
    );
  return [...own, ...others].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns the settings for anonymous logins. The settings contain no quota when anonymous users cannot upload. */
function engineAnonymous(anonymous: FtpServerAnonymous): Pick<EngineConfig, "anonymous"> {
  const { mode, homeDirectory, quota, limits, allowedClients } = anonymous;
  if (mode === "Disabled") return {};
  return {
    anonymous: {
      mode,
      homeDirectory,
      ...(mode === "ReadWrite" && { quota: engineQuota(quota) }),
      ...(limits && { limits: engineUserLimits(limits) }),
      ...(allowedClients.length > 0 && { allowedClients }),
    },
  };
}

function engineTls(tls: FtpServerTls): Pick<EngineConfig, "tls"> {
  const { mode, certificateRef, clientCertificates, ...rest } = tls;
  if (mode === "Disabled" || certificateRef === undefined) return {};
  return {
    tls: {
      mode,
      ...rest,
      certificateFile: `${TLS_DIRECTORY}/${CERTIFICATE_KEY}`,
      keyFile: `${TLS_DIRECTORY}/${PRIVATE_KEY_KEY}`,
      clientCertificates:
        clientCertificates.mode === "Disabled"
          ? { mode: "Disabled" }
          : {
              mode: clientCertificates.mode,
              login: clientCertificates.login,
              caFile: `${CLIENT_AUTHORITIES_DIRECTORY}/${clientCertificates.caRef?.key}`,
            },
    },
  };
}

/**
 * Returns the configuration from a Secret that {@link buildConfigSecret} built. Returns undefined when another program
 * changed the content so that it cannot be parsed.
 */
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

/** Returns the engine configuration Secret that the pods mount. */
export function buildConfigSecret({ server }: Decision, config: EngineConfig): Secret {
  const data = { [ENGINE_CONFIG_KEY]: Buffer.from(canonicalJson(config)).toString("base64") };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: childMetadata(server, childNames.configSecret(server.metadata.name)),
    type: "Opaque",
    data,
  };
}
