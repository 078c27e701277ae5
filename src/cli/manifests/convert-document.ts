/**
 * Converts first-draft objects in a YAML document in place. In-place conversion preserves comments and the order of
 * fields.
 */
import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, isSeq, type Node, Pair, Scalar, type YAMLMap } from "yaml";
import {
  type FirstDraftField,
  firstDraftFields,
  firstDraftMessage,
  secondDraftPath,
  secondDraftValue,
} from "../../api/first-draft.ts";

/** An object that cannot be converted. */
export class ConversionError extends Error {
  override name = "ConversionError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

type Path = readonly (string | number)[];

/**
 * Converts the objects in a document, including objects in Lists.
 * @returns one line for each converted field, for example `FtpServer demo: spec.maintenance is now
 * spec.maintenance.mode`
 * @throws ConversionError if a field is set in both forms, or an alias contains a first-draft field
 */
export function convertDocument(document: Document): string[] {
  return convertNode(document.contents, document);
}

function convertNode(node: unknown, document: Document): string[] {
  if (!isMap(node)) return [];
  const items = node.get("items");
  if (String(node.get("kind")).endsWith("List") && isSeq(items))
    return items.items.flatMap((item) => convertNode(item, document));
  const fields = firstDraftFields(node.toJS(document));
  const name = [node.get("kind"), node.getIn(["metadata", "name"])]
    .filter((part) => typeof part === "string")
    .join(" ");
  for (const [index, field] of fields.entries())
    convertField(node, { field, from: currentPath(field, fields.slice(0, index)), document, name });
  const [remaining] = firstDraftFields(node.toJS(document));
  if (remaining)
    throw new ConversionError(`${name}: ${firstDraftMessage(remaining)}`, "write the field without an alias");
  return fields.map((field) => `${name}: ${firstDraftMessage(field)}`);
}

/** Returns the path of a field after the conversion of its parent fields. */
function currentPath({ path }: FirstDraftField, converted: readonly FirstDraftField[]): Path {
  const parent = converted.find((other) => isDeepStrictEqual(path.slice(0, other.path.length), other.path));
  return parent ? [...secondDraftPath(parent), ...path.slice(parent.path.length)] : path;
}

interface Conversion {
  field: FirstDraftField;
  from: Path;
  document: Document;
  /** Name of the object. */
  name: string;
}

function convertField(root: YAMLMap, conversion: Conversion): void {
  const { field, from, document } = conversion;
  const to = secondDraftPath(field);
  const parent = root.getIn(from.slice(0, -1), true);
  const pair = isMap(parent) ? pairOf(parent, from.at(-1)) : undefined;
  // The function `convertNode` reports fields inside an alias.
  if (!isMap(parent) || pair === undefined) return;
  const value = convertedNode(pair.value, field, document);
  const { base, rest } = deepestMap(root, to);
  const [key, ...below] = rest;
  if (isDeepStrictEqual(to.slice(0, from.length), from)) {
    pair.value = nested(to.slice(from.length), value, document);
  } else if (base === parent && key !== undefined) {
    rename(pair, key);
    pair.value = nested(below, value, document);
  } else {
    if (key === undefined) merge(root.getIn(to, true), value, conversion);
    else insertAfter(base, from, movedPair(pair, parent, key, nested(below, value, document)));
    parent.items.splice(parent.items.indexOf(pair), 1);
    if (parent.items.length === 0) root.deleteIn(from.slice(0, -1));
  }
}

type AnyPair = YAMLMap["items"][number];

function pairOf(map: YAMLMap, name: unknown): AnyPair | undefined {
  return map.items.find(({ key }) => (isScalar(key) ? key.value : key) === name);
}

function rename(pair: AnyPair, name: string | number): void {
  if (isScalar(pair.key)) pair.key.value = name;
  else pair.key = name;
}

/** Returns a new pair with the comments of the old pair. */
function movedPair(pair: AnyPair, parent: YAMLMap, name: string | number, value: unknown): AnyPair {
  const key = new Scalar(name);
  if (isScalar(pair.key)) Object.assign(key, commentsOf(pair.key));
  // The parser attaches a comment above the first member of a map to the map.
  if (parent.items[0] === pair && parent.commentBefore) key.commentBefore = parent.commentBefore;
  return new Pair<unknown>(key, value);
}

/** Returns the node for the new value, with the comments of the old node. */
function convertedNode(node: unknown, field: FirstDraftField, document: Document): unknown {
  const { change } = field;
  if (change.values === undefined && change.convert === undefined) return node;
  const value = secondDraftValue(field);
  if (isScalar(node) && typeof value === "string") {
    node.value = value;
    return node;
  }
  const converted: Node = document.createNode(value, { flow: true });
  if (isScalar(node)) Object.assign(converted, commentsOf(node));
  return converted;
}

function commentsOf({ comment, commentBefore, spaceBefore }: Scalar): object {
  return {
    ...(comment && { comment }),
    ...(commentBefore && { commentBefore }),
    ...(spaceBefore && { spaceBefore }),
  };
}

/** Returns a node wrapped in nested maps, one map for each name. */
function nested(names: Path, node: unknown, document: Document): unknown {
  return names.reduceRight((inner: unknown, name) => {
    const map: YAMLMap = document.createNode({});
    map.items.push(document.createPair(name, inner));
    return map;
  }, node);
}

/** Returns the deepest existing map on a path and the missing names below this map. */
function deepestMap(root: YAMLMap, path: Path): { base: YAMLMap; rest: Path } {
  for (let length = path.length; length > 0; length--) {
    const node = root.getIn(path.slice(0, length), true);
    if (length === path.length && node !== undefined) return { base: root, rest: [] };
    if (isMap(node)) return { base: node, rest: path.slice(length) };
  }
  return { base: root, rest: path };
}

/** Adds the members of a map to an existing map. @throws ConversionError if a member has two values */
function merge(target: unknown, source: unknown, conversion: Conversion): void {
  if (!isMap(target) || !isMap(source)) {
    if (isDeepStrictEqual(plain(target), plain(source))) return;
    throw new ConversionError(
      `${conversion.name}: ${firstDraftMessage(conversion.field)}, and both are set`,
      "remove one of the two fields",
    );
  }
  for (const pair of source.items) {
    const existing = pairOf(target, isScalar(pair.key) ? pair.key.value : pair.key);
    if (existing === undefined) target.items.push(pair);
    else merge(existing.value, pair.value, conversion);
  }
}

function plain(node: unknown): unknown {
  return isScalar(node) ? node.value : JSON.parse(JSON.stringify(node));
}

/** Inserts the new pair after the pair that contained the old field. */
function insertAfter(map: YAMLMap, from: Path, pair: AnyPair): void {
  const index = map.items.findIndex(({ key }) => from.includes(String(isScalar(key) ? key.value : key)));
  map.items.splice(index === -1 ? map.items.length : index + 1, 0, pair);
}
