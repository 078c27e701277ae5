import type { EngineDirectory, Permission } from "../../api/engine-config.ts";

/** A directory with permissions of its own. */
export interface Rule {
  /** Names from "/" to the directory. */
  readonly names: readonly string[];
  /** The same names as a volume may compare them. */
  readonly folded: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
}

/** What a user may do at one path. */
export interface Access {
  permissions: ReadonlySet<Permission>;
  /** Differs for paths to which different rules apply. */
  area: string;
  /**
   * Whether the path is a directory with permissions of its own, or above one. It cannot be moved, removed or replaced by a file:
   * its content would get other permissions.
   */
  isFixed: boolean;
}

/** Rules that apply to a path although its names are different: the volume has several names for one directory. */
export interface Aliases {
  /** The path is the directory or inside it. */
  inside: ReadonlySet<Rule>;
  /** The path is above the directory. */
  above: boolean;
}

export const NO_ALIASES: Aliases = { inside: new Set(), above: false };

/**
 * The permissions of a user: those of the home, and those of directories in it. The longest path that contains a file or
 * directory applies to it. A volume may ignore case or Unicode forms in names. Where names are equal only in this way, the path
 * gets just the permissions that it has in both readings.
 */
export class AccessRules {
  readonly #home: ReadonlySet<Permission>;
  readonly rules: readonly Rule[];

  constructor(permissions: readonly Permission[], directories: readonly EngineDirectory[] = []) {
    this.#home = new Set(permissions);
    this.rules = directories.map(({ path, permissions }) => {
      const names = namesOf(path);
      return { names, folded: names.map(foldName), permissions: new Set(permissions) };
    });
  }

  /** Paths of the directories with permissions of their own. */
  get directories(): string[] {
    return this.rules.map(({ names }) => `/${names.join("/")}`);
  }

  /** Whether the user has a permission somewhere: a command without it needs no look at a path. */
  allowsSomewhere(permission: Permission): boolean {
    return this.#home.has(permission) || this.rules.some(({ permissions }) => permissions.has(permission));
  }

  /** Returns the access to a normalized virtual path. */
  at(path: string, aliases = NO_ALIASES): Access {
    if (this.rules.length === 0) return { permissions: this.#home, area: "", isFixed: false };
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
    };
  }

  /** The longest of the rules that match, several of equal length; undefined stands for the home. */
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

/** Characters that a case-insensitive volume may ignore in names, for example ext4 (Unicode's NFDICF). */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;
/** Characters at the end of a name that Windows ignores. */
const IGNORED_AT_END = /[. ]+$/u;

/** Returns a name in a form that is equal for all names which a volume may treat as equal. */
function foldName(name: string): string {
  const plain = name.normalize("NFKD").replace(IGNORED, "").replace(IGNORED_AT_END, "");
  // The capital sharp s has a small letter only, which has "SS".
  return plain.toLowerCase().toUpperCase().toLowerCase().normalize("NFKD");
}

function isPrefix(prefix: readonly string[], names: readonly string[]): boolean {
  return prefix.length <= names.length && prefix.every((name, index) => name === names[index]);
}

function intersection(sets: readonly ReadonlySet<Permission>[]): ReadonlySet<Permission> {
  const [first, ...others] = sets;
  return new Set([...(first ?? [])].filter((one) => others.every((set) => set.has(one))));
}
