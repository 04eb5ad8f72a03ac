import { WfmError } from '../../errors/index.ts';
import { isJsonObject } from '../../models/json.ts';
import { validateAgainst } from '../../schema/index.ts';
import { plainJson } from '../plain-json.ts';

/** A reply read under a schema: its value, or what is wrong with it, in words that a model can act on. */
export type ReadReply = { value: unknown; faults?: undefined } | { faults: string[] };

const mostAttempts = 20;
const mostFaults = 20;

/**
 * Reads a reply that shall be JSON under `schema`: the whole text, a fenced block, or the first JSON value in it.
 * Never throws for what a model wrote.
 */
export function readReply(text: string, schema: Record<string, unknown>): ReadReply {
  let nearest: string[] | undefined;
  for (const value of jsonValuesIn(text)) {
    const faults = faultsOf(value, schema);
    if (faults.length === 0) return { value };
    nearest ??= faults;
  }
  if (schema['type'] === 'string' && faultsOf(text.trim(), schema).length === 0) return { value: text.trim() };
  return { faults: nearest ?? ['The answer holds no JSON value that can be parsed.'] };
}

function faultsOf(value: unknown, schema: Record<string, unknown>): string[] {
  try {
    plainJson(value, 'answer', 'answer');
  } catch (thrown) {
    return [thrown instanceof Error ? thrown.message : 'The answer cannot be kept as data.'];
  }
  const faults = validateAgainst(schema, value, { place: 'inputs.output_schema', faults: mostFaults });
  return faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
}

function* jsonValuesIn(text: string): Generator {
  const whole = parse(text.trim());
  if (whole) {
    yield whole.value;
    return;
  }
  for (const block of fencedBlocks(text)) {
    const found = parse(block.trim());
    if (found) yield found.value;
  }
  yield* embeddedValues(text);
}

function parse(text: string): { value: unknown } | undefined {
  if (text === '') return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function fencedBlocks(text: string): string[] {
  const pieces = text.split('```');
  // Odd pieces lie between fences; their first line may name a language.
  return pieces
    .filter((_, index) => index % 2 === 1)
    .map((piece) => piece.replace(/^[a-zA-Z0-9_-]{0,20}[ \t]*\r?\n/, ''));
}

function* embeddedValues(text: string): Generator {
  let from = 0;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const start = firstBracket(text, from);
    if (start < 0) return;
    const end = closingBracket(text, start);
    const found = end < 0 ? undefined : parse(text.slice(start, end + 1));
    if (found && (isJsonObject(found.value) || Array.isArray(found.value))) {
      yield found.value;
      from = end + 1;
    } else from = start + 1;
  }
}

function firstBracket(text: string, from: number): number {
  const brace = text.indexOf('{', from);
  const bracket = text.indexOf('[', from);
  if (brace < 0 || bracket < 0) return Math.max(brace, bracket);
  return Math.min(brace, bracket);
}

/** Where the bracket at `start` closes, brackets inside texts left out; -1 when it does not. */
function closingBracket(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (quoted) {
      if (char === '\\') index++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      depth--;
      if (depth === 0) return index;
    }
  }
  return -1;
}

/** What a model is told when its answer did not fit. */
export function repairText(faults: string[]): string {
  const list = faults.map((fault) => `- ${fault}`).join('\n');
  return `Your answer does not fit the required JSON Schema:\n${list}\nAnswer again with the complete corrected JSON and nothing else.`;
}

/** The error after the repair call failed too; the text is kept so that a person can see what came. */
export function outputInvalid(faults: string[], text: string): WfmError {
  const message = `The language model's answer does not fit the schema, also after it was told so: ${faults[0] ?? ''}`;
  return new WfmError('llm_output_invalid', message.trim(), {
    params: { faults },
    details: { response_text: text.slice(0, 4000) },
  });
}
