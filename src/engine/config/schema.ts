import { LOG_LEVELS, PERMISSIONS } from "../../api/engine-config.ts";
import { NOTIFICATION_EVENTS } from "../../api/engine-notifications.ts";

const port = { type: "integer", minimum: 1, maximum: 65535 };
/** Port on which the engine listens. With port 0, the system chooses a port. Tests and local runs use port 0. */
const listenPort = { type: "integer", minimum: 0, maximum: 65535 };
const seconds = { type: "integer", minimum: 1, maximum: 86_400 };
const count = { type: "integer", minimum: 1, maximum: 1_000_000 };

function object(properties: Record<string, object>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", additionalProperties: false, required, properties };
}

function choice(values: readonly string[]): object {
  return { enum: values };
}

const network = { type: "string", format: "address-or-cidr" };
const networks = { type: "array", maxItems: 20_000, items: network };
const ipv4 = { type: "string", format: "ipv4-address" };
const home = { type: "string", maxLength: 1024, format: "virtual-path" };
const file = { type: "string", minLength: 1, maxLength: 4096, pattern: "^/" };
const bytes = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const positive = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

const modes = object(
  {
    fileMode: { type: "string", format: "file-mode" },
    directoryMode: { type: "string", format: "directory-mode" },
  },
  ["fileMode", "directoryMode"],
);

const tls = object({
  mode: choice(["Optional", "Required", "Implicit"]),
  certificateFile: file,
  keyFile: file,
  minimumVersion: choice(["TLS12", "TLS13"]),
  dataProtection: choice(["Required", "Optional"]),
  clearControl: choice(["Deny", "Allow"]),
  sessionReuse: choice(["Preferred", "Required"]),
  serverNames: { type: "array", maxItems: 100, items: { type: "string", minLength: 1, maxLength: 253 } },
  clientCertificates: {
    type: "object",
    required: ["mode"],
    discriminator: { propertyName: "mode" },
    oneOf: [
      object({ mode: { const: "Disabled" } }),
      object({
        mode: choice(["Optional", "Required"]),
        caFile: file,
        login: choice(["Password", "CommonName", "SubjectAlternativeName"]),
      }),
    ],
  },
});

const permissions = { type: "array", items: choice(PERMISSIONS), uniqueItems: true };
const quota = object({ bytes, files: bytes }, ["bytes", "files"]);
const userLimits = object(
  { sessions: count, uploadBytesPerSecond: positive, downloadBytesPerSecond: positive },
  ["sessions", "uploadBytesPerSecond", "downloadBytesPerSecond"],
);

const storageName = { type: "string", pattern: "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$" };

const user = object(
  {
    name: { type: "string", minLength: 1, maxLength: 128 },
    passwordHash: { type: "string", maxLength: 512 },
    passwordSource: { type: "string", maxLength: 1024 },
    namespace: { type: "string", minLength: 1, maxLength: 63 },
    homeDirectory: home,
    permissions,
    directories: {
      type: "array",
      maxItems: 100,
      items: object({ path: { type: "string", maxLength: 1024, format: "directory-path" }, permissions }),
    },
    mounts: {
      type: "array",
      maxItems: 100,
      items: object(
        {
          path: { type: "string", maxLength: 1024, format: "directory-path" },
          storage: storageName,
          subPath: home,
          access: choice(["ReadWrite", "ReadOnly"]),
        },
        ["storage"],
      ),
    },
    quota,
    limits: userLimits,
    files: modes,
    allowedClients: networks,
    state: choice(["Enabled", "Disabled"]),
    expiresAt: { type: "string", maxLength: 64, format: "date-time" },
  },
  [
    "passwordHash",
    "passwordSource",
    "namespace",
    "directories",
    "mounts",
    "quota",
    "limits",
    "files",
    "allowedClients",
    "state",
    "expiresAt",
  ],
);

const url = { type: "string", maxLength: 1024, format: "http-url" };
const MIB = 1024 * 1024;

const objectStorage = object(
  {
    bucket: { type: "string", minLength: 3, maxLength: 63, pattern: "^[a-z0-9][a-z0-9.-]*[a-z0-9]$" },
    prefix: { type: "string", maxLength: 512, format: "key-prefix" },
    region: { type: "string", minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9-]+$" },
    endpoint: url,
    forcePathStyle: { type: "boolean" },
    credentials: {
      type: "object",
      required: ["type"],
      discriminator: { propertyName: "type" },
      oneOf: [
        object({ type: { const: "Chain" } }),
        object({ type: { const: "Files" }, directory: file }),
        object(
          {
            type: { const: "WebIdentity" },
            roleArn: { type: "string", minLength: 20, maxLength: 2048, pattern: "^arn:[!-~]+$" },
            tokenFile: file,
            stsEndpoint: url,
          },
          ["stsEndpoint"],
        ),
      ],
    },
    caFile: file,
    serverSideEncryption: object(
      {
        algorithm: choice(["AES256", "aws:kms"]),
        kmsKeyId: { type: "string", minLength: 1, maxLength: 2048, pattern: "^[!-~]+$" },
      },
      ["kmsKeyId"],
    ),
    storageClass: { type: "string", minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
    multipart: object({
      // Amazon S3 defines the lower bound. The upper bound limits the memory that an engine uses.
      partSizeBytes: { type: "integer", minimum: 5 * MIB, maximum: 512 * MIB },
      concurrency: { type: "integer", minimum: 1, maximum: 16 },
    }),
  },
  ["endpoint", "caFile", "serverSideEncryption", "storageClass"],
);

const storage = {
  type: "object",
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: { root: { type: "string", minLength: 1, pattern: "^/" }, objectStorage },
};

const texts = (maxItems: number, maxLength: number): object => ({
  type: "array",
  maxItems,
  items: { type: "string", minLength: 1, maxLength },
});

const notifications = object(
  {
    source: { type: "string", minLength: 1, maxLength: 1024 },
    namespace: { type: "string", minLength: 1, maxLength: 253 },
    server: { type: "string", minLength: 1, maxLength: 253 },
    internalSinks: choice(["Allow", "Deny"]),
    outboxDirectory: file,
    sinks: {
      type: "array",
      minItems: 1,
      maxItems: 16,
      items: object({
        name: { type: "string", pattern: "^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$" },
        events: { type: "array", minItems: 1, uniqueItems: true, items: choice(NOTIFICATION_EVENTS) },
        paths: texts(64, 1024),
        users: texts(100, 128),
        sink: object(
          {
            type: { const: "HTTP" },
            url: { type: "string", maxLength: 2048, format: "sink-url" },
            mode: choice(["Structured", "Binary"]),
            headers: {
              type: "array",
              maxItems: 16,
              items: object({ name: { type: "string", pattern: "^[A-Za-z0-9-]{1,128}$" }, file }),
            },
            caFile: file,
            hmacKeyFile: file,
          },
          ["caFile", "hmacKeyFile"],
        ),
      }),
    },
  },
  ["outboxDirectory"],
);

/** JSON Schema for EngineConfig. `loadConfig` also checks the rules that involve several fields. */
export const ENGINE_CONFIG_SCHEMA = object(
  {
    version: { const: 1 },
    generation: { type: "string", maxLength: 64 },
    controlPort: listenPort,
    metricsPort: listenPort,
    banner: { type: "string", maxLength: 512, pattern: "^[^\\u0000-\\u001f\\u007f]*$" },
    passive: object({
      portRange: object({ first: port, last: port }),
      address: {
        type: "object",
        required: ["type"],
        discriminator: { propertyName: "type" },
        oneOf: [
          object({ type: { const: "Unknown" } }),
          object({ type: { const: "ControlConnection" } }),
          object({ type: { const: "Static" }, address: ipv4 }),
          object({
            type: { const: "Hostname" },
            name: { type: "string", minLength: 1, maxLength: 253 },
            refreshPeriodSeconds: seconds,
          }),
        ],
      },
      overrides: { type: "array", maxItems: 1000, items: object({ clients: network, address: ipv4 }) },
      portSharing: choice(["Enabled", "Disabled"]),
    }),
    active: object({ mode: choice(["Disabled", "Enabled"]), sourcePort: port }, ["sourcePort"]),
    tls,
    proxyProtocol: object({ trustedSources: { ...networks, minItems: 1 } }),
    anonymous: object(
      {
        mode: choice(["ReadOnly", "ReadWrite"]),
        homeDirectory: home,
        quota,
        limits: userLimits,
        allowedClients: networks,
      },
      ["quota", "limits", "allowedClients"],
    ),
    maskedClients: networks,
    users: { type: "array", maxItems: 100_000, items: user },
    check: object({ token: { type: "string", minLength: 32, maxLength: 512 } }),
    limits: object({
      sessions: count,
      sessionsPerClient: count,
      loginTimeoutSeconds: seconds,
      idleTimeoutSeconds: seconds,
      dataConnectTimeoutSeconds: seconds,
      stalledTransferTimeoutSeconds: seconds,
      commandLineBytes: { type: "integer", minimum: 512, maximum: 65_536 },
      queuedCommands: { type: "integer", minimum: 1, maximum: 1024 },
      unknownCommands: { type: "integer", minimum: 1, maximum: 1000 },
      listingEntries: { type: "integer", minimum: 1, maximum: 1_000_000_000 },
      checksumBytes: positive,
      failedLogins: object({
        perSession: { type: "integer", minimum: 1, maximum: 1000 },
        delaySeconds: { type: "integer", minimum: 0, maximum: 60 },
        attempts: { type: "integer", minimum: 1, maximum: 1_000_000 },
        periodSeconds: seconds,
        banSeconds: { type: "integer", minimum: 0, maximum: 86_400 },
      }),
    }),
    files: modes,
    uploads: object({
      incomplete: choice(["Keep", "Remove"]),
      sync: choice(["Always", "Never"]),
      missingCloseNotify: choice(["Deny", "Allow"]),
    }),
    storage,
    additionalStorage: {
      type: "object",
      maxProperties: 64,
      propertyNames: storageName,
      additionalProperties: storage,
    },
    notifications,
    logging: object({ level: choice(LOG_LEVELS), transferLog: choice(["Enabled", "Disabled"]) }),
    handOverSeconds: { type: "integer", minimum: 0, maximum: 3600 },
    drainPeriodSeconds: { type: "integer", minimum: 0, maximum: 604_800 },
  },
  ["banner", "tls", "proxyProtocol", "anonymous", "check", "files", "additionalStorage", "notifications"],
);
