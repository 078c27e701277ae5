/** Helper functions that create parts of a spec. */

export type Json = Record<string, unknown>;

/** An FtpServer that the API server must reject, and a similar FtpServer that the API server must accept. */
export interface RejectionCase {
  title: string;
  /** Members of the spec. Each spec has one user unless the case contains `users`. */
  bad: Json;
  good: Json;
  /** Path of the rejected field below `spec`. */
  path: string;
  /** ID of the rule that rejects the FtpServer. */
  rule?: string;
  /** Part of the error message if the schema itself rejects the FtpServer. */
  message?: string | RegExp;
}

export const ALICE = { name: "alice", passwordSecretRef: { name: "alice" } };

export const range = (first: number, last: number): Json => ({ passive: { portRange: { first, last } } });

export const active = (more: Json): Json => ({ active: { mode: "Enabled", ...more } });

export const address = (address: Json): Json => ({ passive: { address } });

export const exposure = (type: string, more: Json = {}): Json => ({ exposure: { type, ...more } });

export const nodePort = (controlPort: number, first: number, last: number): Json => ({
  ...exposure("NodePort", { nodePort: { controlPort } }),
  ...range(first, last),
});

export const loadBalancer = (loadBalancer: Json): Json => exposure("LoadBalancer", { loadBalancer });

export const user = (more: Json): Json => ({ users: [{ ...ALICE, ...more }] });

export const users = (count: number): Json => ({
  users: Array.from({ length: count }, (_, index) => ({ ...ALICE, name: `u${index}` })),
});

export const claim = (persistentVolumeClaim: Json): Json => ({
  storage: { type: "PersistentVolumeClaim", persistentVolumeClaim },
});

export const clients = (...allowedClients: string[]): Json => ({ networkPolicy: { allowedClients } });

export const service = (service: Json): Json => exposure("LoadBalancer", { service });

export const pod = (pod: Json): Json => ({ pod });
