import { styleText } from "node:util";

/** Colours a text where standard output is a terminal that wants colours (NO_COLOR is heeded). */
export function paint(colour: "green" | "red", text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
