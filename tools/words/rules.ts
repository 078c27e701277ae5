/** Finds the phrases in a text that the word list `never.yaml` forbids. */
import { parse } from "yaml";

interface Exception {
  text: string;
  reason: string;
  /** Folder or file to which the exception applies. By default, the exception applies to all files. */
  in?: string;
}

interface Entry {
  never: string;
  write: string;
  except?: Exception[];
}

export interface Violation {
  offset: number;
  word: string;
  write: string;
}

/** Entries of a word list. Records which exceptions the checked texts have used. */
export class WordList {
  readonly #entries: { pattern: RegExp; write: string; exceptions: (Exception & { pattern: RegExp })[] }[];
  readonly #any: RegExp;
  readonly #used = new Set<Exception>();

  constructor(yaml: string) {
    const entries: Entry[] = parse(yaml);
    this.#entries = entries.map(({ never, write, except = [] }) => ({
      pattern: phrase(never),
      write,
      exceptions: except.map((exception) => {
        if (!exception.reason)
          throw new Error(`the exception "${exception.text}" of "${never}" has no reason`);
        return Object.assign(exception, { pattern: phrase(exception.text) });
      }),
    }));
    this.#any = new RegExp(this.#entries.map(({ pattern }) => pattern.source).join("|"), "i");
  }

  /** Returns the forbidden phrases in the text of `file`, in the order of the word list. */
  violations(file: string, prose: string): Violation[] {
    if (!this.#any.test(prose)) return [];
    return this.#entries.flatMap(({ pattern, write, exceptions }) =>
      [...prose.matchAll(pattern)]
        .filter((match) => !this.#isExcepted(file, prose, match, exceptions))
        .map((match) => ({ offset: match.index, word: match[0].replaceAll(/\s+/g, " "), write })),
    );
  }

  #isExcepted(
    file: string,
    prose: string,
    { index, 0: word }: RegExpExecArray,
    exceptions: (Exception & { pattern: RegExp })[],
  ): boolean {
    for (const exception of exceptions) {
      if (exception.in !== undefined && !isInside(file, exception.in)) continue;
      for (const match of prose.matchAll(exception.pattern)) {
        if (match.index > index || match.index + match[0].length < index + word.length) continue;
        this.#used.add(exception);
        return true;
      }
    }
    return false;
  }

  /** Returns the exceptions that no checked text has used. */
  unusedExceptions(): string[] {
    return this.#entries
      .flatMap(({ exceptions }) => exceptions)
      .filter((exception) => !this.#used.has(exception))
      .map(({ text }) => text);
  }
}

export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** A space in a phrase matches any white space, including line breaks. */
function phrase(words: string): RegExp {
  return new RegExp(`(?<![\\w-])(?:${words.replaceAll(" ", "\\s+")})(?![\\w])`, "gi");
}
