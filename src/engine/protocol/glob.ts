/** Returns whether a name contains the wildcards that `matchesGlob` supports. */
export function isGlob(name: string): boolean {
  return /[*?]/u.test(name);
}

/**
 * Returns whether a name matches a pattern with the wildcards `*` and `?`. Backtracks only to the last `*`. The number
 * of steps is therefore at most the product of the pattern length and the name length (CERT CA-2001-07). Names that
 * begin with a dot match only patterns that begin with a dot.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  let p = 0;
  let n = 0;
  let star = -1;
  let retry = 0;
  while (n < name.length) {
    if (pattern[p] === "*") {
      star = p++;
      retry = n;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
