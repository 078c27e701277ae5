import { LOG_LEVELS, PERMISSIONS } from "../api/engine-config.ts";

const port = { type: "integer", minimum: 1, maximum: 65535 };
/** 0 lets the system choose, which tests and local runs use. */
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

const user = object(
  {
    name: { type: "string", minLength: 1, maxLength: 128 },
    passwordHash: { type: "string", maxLength: 512 },
    passwordSource: { type: "string", maxLength: 1024 },
    homeDirectory: { type: "string", maxLength: 1024, format: "virtual-path" },
    permissions: { type: "array", items: choice(PERMISSIONS), uniqueItems: true },
  },
  ["passwordSource"],
);

/** JSON Schema of EngineConfig; every value that the engine can not work with is refused here. */
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
          object({ type: { const: "Static" }, address: { type: "string", format: "ipv4-address" } }),
          object({
            type: { const: "Hostname" },
            name: { type: "string", minLength: 1, maxLength: 253 },
            refreshPeriodSeconds: seconds,
          }),
        ],
      },
      portSharing: choice(["Enabled", "Disabled"]),
    }),
    active: object({ mode: choice(["Disabled", "Enabled"]) }),
    maskedClients: { type: "array", maxItems: 20_000, items: { type: "string", format: "address-or-cidr" } },
    users: { type: "array", maxItems: 100_000, items: user },
    limits: object({
      sessions: count,
      sessionsPerClient: count,
      loginTimeoutSeconds: seconds,
      idleTimeoutSeconds: seconds,
      dataConnectTimeoutSeconds: seconds,
      stalledTransferTimeoutSeconds: seconds,
    }),
    storage: object({ root: { type: "string", minLength: 1, pattern: "^/" } }),
    logging: object({ level: choice(LOG_LEVELS), transferLog: choice(["Enabled", "Disabled"]) }),
    drainPeriodSeconds: { type: "integer", minimum: 0, maximum: 604_800 },
  },
  ["banner"],
);
