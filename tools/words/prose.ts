/**
 * Replaces all code in a file with blanks, so that only prose remains. The result has the length and the line breaks of
 * the source, so that offsets remain valid. NUL characters replace code, so that no phrase matches across code. Spaces
 * replace comment markers, so that a phrase can continue on the next comment line.
 */
import { parseSync, Visitor } from "oxc-parser";

type Span = readonly [start: number, end: number];

/** Returns the source of `file` with all code replaced by blanks. Treats files of an unknown type as prose. */
export function proseOf(file: string, source: string): string {
  if (file.endsWith(".ts")) return typescriptProse(file, source);
  if (file.endsWith(".json")) {
    const strings = matches(source, /"(?:[^"\\\n]|\\.)*"(?:\s*:)?/g);
    return only(
      source,
      strings.filter(([start, end]) => /^(?=.*\s).*"$/.test(source.slice(start, end))),
    );
  }
  if (file.endsWith(".md")) return markdownProse(source);
  if (/\.ya?ml$/.test(file)) return yamlProse(source);
  return without(source, matches(source, /\{\{[^"#*]*?\}\}|`[^`\n]+`|https?:\/\/\S+/g));
}

function typescriptProse(file: string, source: string): string {
  const { comments, program } = parseSync(file, source);
  const spans: Span[] = comments.map(({ start, end }) => [start, end]);
  new Visitor({
    Literal({ value, start, end }) {
      if (typeof value === "string" && /\S\s+\S/.test(value)) spans.push([start, end]);
    },
    TemplateLiteral({ quasis }) {
      if (quasis.some(({ value }) => /\s/.test(value.raw)))
        spans.push(...quasis.map(({ start, end }): Span => [start, end]));
    },
  }).visit(program);
  const prose = only(source, spans).replaceAll(/\/\*+|\*+\/|\/\/|^[ \t]*\*/gm, blank(" "));
  return without(prose, matches(prose, /`[^`\0\n]+`|https?:\/\/[^\s\0]+/g));
}

function markdownProse(source: string): string {
  const code =
    /^([ >]*)(```+|~~~+)[^\n]*\n[\s\S]*?^\1\2 *$|(?<!`)(`+)(?!`)(?:[^`\n]|\n(?!\s*\n)|(?!\3)`)+?\3(?!`)/gm;
  const targets = /\]\([^)\n]*\)|\]: \S+|<\/?[a-zA-Z][^>\n]*>|https?:\/\/[^\s)]+/g;
  return without(source, [...matches(source, code), ...matches(source, targets)]).replaceAll(
    /^[ \t]*>+/gm,
    blank(" "),
  );
}

/** Keeps comments, and values that contain more than one word. PromQL and CEL expressions are code. */
function yamlProse(source: string): string {
  const code = [
    /\{\{(?!-?\s*\/\*)[^\n]*?\}\}/g,
    /^ *(?:- )?(?:expr|rule|query): *(?:[|>][-+]?\n(?:(?! *(?:- )?\w+:)[^\n]*\n)+|[^\n]*)/gm,
    /^ *(?:- )?[\w./-]+:(?: *[^\s"'#]+ *$)?/gm,
    /`[^`\n]+`|https?:\/\/\S+/g,
  ];
  const prose = without(
    source,
    code.flatMap((pattern) => matches(source, pattern)),
  );
  return prose.replaceAll(/^[ \t]*#+/gm, blank(" "));
}

function matches(source: string, pattern: RegExp): Span[] {
  return [...source.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}

function without(source: string, spans: readonly Span[]): string {
  let result = source;
  for (const [start, end] of spans)
    result = result.slice(0, start) + blank("\0")(result.slice(start, end)) + result.slice(end);
  return result;
}

function only(source: string, spans: readonly Span[]): string {
  let result = blank("\0")(source);
  for (const [start, end] of spans)
    result = result.slice(0, start) + source.slice(start, end) + result.slice(end);
  return result;
}

/** Replaces all characters except white space, so that offsets and lines do not change. */
function blank(filler: string): (text: string) => string {
  return (text) => text.replaceAll(/\S/g, filler);
}
