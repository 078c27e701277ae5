/** Short forms for parts of a spec. */

export type Json = Record<string, unknown>;

/** An FtpServer that has to be refused, beside a neighbour that has to be taken. */
export interface RefusalCase {
  title: string;
  /** Members of the spec beside the users, or all of it when it has users. */
  bad: Json;
  good: Json;
  /** Where the problem is, below `spec`. */
  path: string;
  /** Part of the message. */
  message: string | RegExp;
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

export const pod = (podTemplate: Json): Json => ({ podTemplate });
