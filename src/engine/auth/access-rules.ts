import type { EngineDirectory, Permission } from "../../api/engine-config.ts";

/** Directory with separate permissions. */
export interface Rule {
  /** Path components from `/` to the directory. */
  readonly names: readonly string[];
  /** Path components in the folded form that `foldName` returns. */
  readonly folded: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
}

/** A user's access to one path. */
export interface Access {
  permissions: ReadonlySet<Permission>;
  /** Identifies the rules that apply to the path. */
  area: string;
  /**
   * Whether the path is a directory with separate permissions or a parent of such a directory. The user cannot move,
   * remove or replace a directory with separate permissions, because its content would receive other permissions.
   */
  isFixed: boolean;
  /** Whether the path is a mount or a parent of a mount. */
  holdsMount: boolean;
}

/** Rules that apply to a path under another name. A volume can have several names for one directory. */
export interface Aliases {
  /** Rules whose directory is the path or contains the path. */
  inside: ReadonlySet<Rule>;
  /** Whether the path is a parent of a directory with separate permissions. */
  above: boolean;
}

export const NO_ALIASES: Aliases = { inside: new Set(), above: false };

/**
 * A user's permissions in the home directory and in directories with separate permissions. The rule with the longest
 * matching path applies.
 * A volume can ignore differences in case or Unicode normalization between names. When a name matches a rule only after
 * folding, the path has only the permissions that both interpretations grant.
 */
export class AccessRules {
  readonly #home: ReadonlySet<Permission>;
  readonly rules: readonly Rule[];
  readonly #mounts: readonly (readonly string[])[];

  /** @param mounts mount paths, which lead to directories in other storage */
  constructor(
    permissions: readonly Permission[],
    directories: readonly EngineDirectory[] = [],
    mounts: readonly string[] = [],
  ) {
    this.#home = new Set(permissions);
    this.#mounts = mounts.map(namesOf);
    this.rules = directories.map(({ path, permissions }) => {
      const names = namesOf(path);
      return { names, folded: names.map(foldName), permissions: new Set(permissions) };
    });
  }

  /** Paths of directories with separate permissions. */
  get directories(): string[] {
    return this.rules.map(({ names }) => `/${names.join("/")}`);
  }

  /**
   * Returns whether the user has a permission for at least one path. Otherwise, the engine rejects all commands that
   * require this permission.
   */
  allowsSomewhere(permission: Permission): boolean {
    return this.#home.has(permission) || this.rules.some(({ permissions }) => permissions.has(permission));
  }

  /** Returns the user's access to a normalized virtual path. */
  at(path: string, aliases = NO_ALIASES): Access {
    if (this.rules.length === 0)
      return { permissions: this.#home, area: "", isFixed: false, holdsMount: false };
    const names = namesOf(path);
    const folded = names.map(foldName);
    const readings = [
      this.#longest((rule) => isPrefix(rule.names, names)),
      this.#longest((rule) => isPrefix(rule.folded, folded)),
      this.#longest((rule) => isPrefix(rule.folded, folded) || aliases.inside.has(rule)),
    ];
    return {
      permissions: intersection(readings.flat().map((rule) => rule?.permissions ?? this.#home)),
      area: readings
        .flat()
        .map((rule) => (rule === undefined ? "" : this.rules.indexOf(rule)))
        .join(" "),
      isFixed: aliases.above || this.rules.some((rule) => isPrefix(folded, rule.folded)),
      holdsMount: this.#mounts.some((mount) => isPrefix(names, mount)),
    };
  }

  /**
   * Returns whether two paths are in different storage. Paths in different storage never lead to the same directory.
   */
  areSeparate(path: string, other: string): boolean {
    return this.#mountOf(path) !== this.#mountOf(other);
  }

  /**
   * Returns the components of the longest mount path that contains a path. Returns undefined for a path in the home
   * storage.
   */
  #mountOf(path: string): readonly string[] | undefined {
    const names = namesOf(path);
    const containing = this.#mounts.filter((mount) => isPrefix(mount, names));
    return containing.toSorted((a, b) => b.length - a.length)[0];
  }

  /** Returns the matching rules with the longest path, or `[undefined]` for the home directory. */
  #longest(matches: (rule: Rule) => boolean): (Rule | undefined)[] {
    const found = this.rules.filter(matches);
    const length = Math.max(0, ...found.map(({ names }) => names.length));
    return length === 0 ? [undefined] : found.filter(({ names }) => names.length === length);
  }
}

export const NO_ACCESS = new AccessRules([]);

export function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}

/**
 * Characters that a case-insensitive volume can ignore in names. For example, case-insensitive directories on ext4
 * ignore these characters (normalization form NFDICF in Linux).
 */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;
/** Characters that Windows ignores at the end of a name. */
const IGNORED_AT_END = /[. ]+$/u;

/** Returns the folded form of a name. Names that a volume can treat as equal have the same folded form. */
function foldName(name: string): string {
  const plain = name.normalize("NFKD").replace(IGNORED, "").replace(IGNORED_AT_END, "");
  // U+1E9E (capital sharp s) has only a lower-case mapping. The upper-case form of its lower-case mapping is "SS".
  return plain.toLowerCase().toUpperCase().toLowerCase().normalize("NFKD");
}

function isPrefix(prefix: readonly string[], names: readonly string[]): boolean {
  return prefix.length <= names.length && prefix.every((name, index) => name === names[index]);
}

function intersection(sets: readonly ReadonlySet<Permission>[]): ReadonlySet<Permission> {
  const [first, ...others] = sets;
  return new Set([...(first ?? [])].filter((one) => others.every((set) => set.has(one))));
}
