/** One part of a compound: a name, and what its brackets list (format.md 18.6). */
export interface CompoundPart {
  name: string;
  children: string[];
}

/** True for a `render_as` that joins several names. */
export function isCompound(renderAs: string): boolean {
  return /[.[\],]/.test(renderAs);
}

const plainName = /^[a-zA-Z][\w-]*$/;

/**
 * `part ("." part)*`, `part = name [ "[" name ("," name)* "]" ]`, outer to inner: `tab.media[input_schema]`
 * (format.md 18.6). Undefined when malformed.
 */
export function parseCompound(text: string): CompoundPart[] | undefined {
  const parts: CompoundPart[] = [];
  for (const piece of splitOutside(text)) {
    const open = piece.indexOf('[');
    const name = (open < 0 ? piece : piece.slice(0, open)).trim();
    if (!plainName.test(name)) return undefined;
    if (open < 0) {
      parts.push({ name, children: [] });
      continue;
    }
    if (!piece.trimEnd().endsWith(']')) return undefined;
    const inside = piece.slice(open + 1, piece.lastIndexOf(']'));
    const children = inside.split(',').map((child) => child.trim());
    if (!children.every((child) => plainName.test(child))) return undefined;
    parts.push({ name, children });
  }
  return parts;
}

/** Pieces between the dots that stand outside of brackets. */
function splitOutside(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '[') depth += 1;
    else if (text[index] === ']') depth -= 1;
    else if (text[index] === '.' && depth === 0) {
      pieces.push(text.slice(from, index));
      from = index + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}

const generations: Record<string, 'image' | 'video' | 'audio'> = {
  image_generation: 'image',
  video_generation: 'video',
  audio_generation: 'audio',
};

/** What a name of a block makes; undefined for every other name. */
export function generationKind(name: string): 'image' | 'video' | 'audio' | undefined {
  return Object.hasOwn(generations, name) ? generations[name] : undefined;
}
