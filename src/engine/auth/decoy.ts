import { hashCost, isExpensive } from "../../api/hash-cost.ts";
import { parseHash, type HashKind, type PasswordHash } from "../../api/password-hash.ts";

const SALT = "A".repeat(22);
const KEY = "A".repeat(43);

/** Hashes that no password matches: the operator's own kind with its cost, the other kinds with the highest cost that is not expensive. */
const DECOYS: Readonly<Record<HashKind, string>> = {
  scrypt: `$scrypt$ln=14,r=8,p=1$${SALT}$${KEY}`,
  argon2: `$argon2id$v=19$m=19456,t=3,p=1$${SALT}$${KEY}`,
  bcrypt: `$2b$10$${"a".repeat(53)}`,
  "sha-crypt": `$6$rounds=50000$salt$${"a".repeat(86)}`,
};

/**
 * Returns the hash that is computed for an unknown name. It has the kind and the cost of most users' hashes, because a different
 * computing time would reveal that the name is unknown (RFC 2577 section 6). It is never expensive, because any client can send
 * unknown names. The delay of wrong passwords hides the additional time of expensive hashes (`limits.failedLogins.delaySeconds`).
 */
export function decoyFor(hashes: readonly string[]): string {
  const groups = new Map<string, { hash: PasswordHash; text: string; users: number }>();
  for (const text of hashes) {
    const hash = parseHash(text);
    if (hash === undefined) continue;
    const group = `${hash.kind} ${hashCost(hash)}`;
    groups.set(group, { hash, text, users: (groups.get(group)?.users ?? 0) + 1 });
  }
  const [commonest] = [...groups.values()].toSorted((a, b) => b.users - a.users);
  if (commonest === undefined) return DECOYS.scrypt;
  return isExpensive(commonest.hash) ? DECOYS[commonest.hash.kind] : commonest.text;
}
