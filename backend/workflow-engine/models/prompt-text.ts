import { isJsonObject, type JsonObject } from './json.ts';

/** Names under which a prompt is known to providers (format.md 15.2), the plainest first. */
const promptFields = ['prompt', 'positive_prompt', 'natural_prompt', 'tag_prompt', 'text'] as const;

/** The prompt among parameters, else in the data that they were entered for; empty where there is none. */
export function promptText(params: JsonObject, source: unknown): string {
  return ownText(params) ?? (isJsonObject(source) ? ownText(source) : undefined) ?? '';
}

/** Parameters without the prompt that `promptText` finds in them, and without prompts that were left blank. */
export function withoutPrompt(params: JsonObject): JsonObject {
  const found = promptFields.find((name) => isText(params, name));
  const isBlank = (name: string) => promptFields.some((field) => field === name) && isBlankText(params[name]);
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== found && !isBlank(name)));
}

function ownText(values: JsonObject): string | undefined {
  const found = promptFields.find((name) => isText(values, name));
  return found === undefined ? undefined : (values[found] as string);
}

function isText(values: JsonObject, name: string): boolean {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === 'string' && !isBlankText(value);
}

function isBlankText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
