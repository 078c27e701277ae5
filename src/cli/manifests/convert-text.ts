/** Converts the text of a manifest file. Documents without first-draft fields are copied byte for byte. */
import { type Document, parseDocument } from "yaml";
import { ConversionError, convertDocument } from "./convert-document.ts";

export { ConversionError } from "./convert-document.ts";

export interface ConvertedText {
  text: string;
  /** One line for each converted field. */
  changes: string[];
}

/**
 * Converts YAML or JSON.
 * @throws ConversionError if the text is invalid or cannot be converted
 */
export function convertText(text: string): ConvertedText {
  if (isJson(text)) return convertJson(text);
  const changes: string[] = [];
  // A line that begins with `---` always starts a new document.
  const converted = text.split(/^(?=---(?:\s|$))/m).map((part) => {
    const document = parse(part);
    const found = convertDocument(document);
    changes.push(...found);
    return found.length === 0 ? part : print(document, part);
  });
  return { text: converted.join(""), changes };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function convertJson(text: string): ConvertedText {
  const document = parse(text);
  const changes = convertDocument(document);
  return {
    text: changes.length === 0 ? text : `${JSON.stringify(document.toJS(), undefined, 2)}\n`,
    changes,
  };
}

function parse(text: string): Document {
  const document = parseDocument(text, { keepSourceTokens: true, logLevel: "error" });
  const [error] = document.errors;
  if (error)
    throw new ConversionError(`invalid YAML: ${error.message.split("\n")[0]}`, "fix the syntax of the file");
  return document;
}

/**
 * Prints a document in the style of its source text.
 * @throws ConversionError for a template, because printing would break template expressions
 */
function print(document: Document, source: string): string {
  if (source.includes("{{"))
    throw new ConversionError(
      "the file contains template expressions ({{ }})",
      "change the fields manually; see docs/reference/api-changes.md",
    );
  if (document.directives) document.directives.docStart = source.startsWith("---") || null;
  return document.toString({
    lineWidth: 0,
    indent: /^\S.*:\n( +)[^\s#-]/m.exec(source)?.[1]?.length ?? 2,
    indentSeq: !/^( *)[^\s#-][^#\n]*:(?: *#.*)?\n\1- /m.test(source),
    flowCollectionPadding: /[{[] \S/.test(source),
  });
}
