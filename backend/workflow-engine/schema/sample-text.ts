import type { Draw } from './draw.ts';
import { codePointLength } from './json-values.ts';

/** What a text generator is told about the text it has to write. */
export interface TextHint {
  /** The field's title, or its name made readable. */
  title: string;
  pointer: string;
  minLength?: number;
  maxLength?: number;
  draw: Draw;
}

const words =
  'calm river morning light quiet harbour silver cloud wooden bridge early train open window small garden warm bread green valley distant bell paper lantern soft rain old map bright corner gentle wind red kite stone path evening market clear water long shadow new leaf simple song round table'.split(
    ' ',
  );

/** Plain words led by the title (format.md 17.4), within the asked lengths: "Slogan: calm river light". */
export function plainText(hint: TextHint): string {
  const { draw, minLength = 0 } = hint;
  let text = `${hint.title}:`;
  for (let left = draw.int(3, 6); left > 0 || text.length < minLength; left--) text += ` ${draw.pick(words)}`;
  return fitText(text, minLength, hint.maxLength);
}

/** Brings any text to a length in code points: cut at a word where possible, or filled up with words. */
export function fitText(text: string, minLength = 0, maxLength = Number.POSITIVE_INFINITY): string {
  let filled = text;
  for (let index = 0; codePointLength(filled) < minLength; index++) filled += ` ${words[index % words.length]}`;
  if (codePointLength(filled) <= maxLength) return filled;
  const cut = [...filled].slice(0, maxLength).join('');
  const atWord = cut.slice(0, Math.max(cut.lastIndexOf(' '), 0)).replace(/[:,.]$/, '');
  return atWord !== '' && codePointLength(atWord) >= minLength ? atWord : cut;
}

/** One paragraph, for a value that has no schema. */
export function paragraph(hint: TextHint): string {
  const sentence = (): string => {
    const picked = Array.from({ length: hint.draw.int(6, 10) }, () => hint.draw.pick(words)).join(' ');
    return `${picked.charAt(0).toUpperCase()}${picked.slice(1)}.`;
  };
  return Array.from({ length: 4 }, sentence).join(' ');
}

/** Makes a field's name readable: `scene_title` and `sceneTitle` become "Scene title". */
export function readableName(name: string): string {
  const spaced = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_\-./\s]+/g, ' ')
    .trim()
    .toLowerCase();
  return spaced === '' ? 'Text' : spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The title of one item of a list: "Slogans" gives "Slogan 2". */
export function itemName(listTitle: string, index: number): string {
  const singular = /(?:[^s])s$/i.test(listTitle) ? listTitle.slice(0, -1) : listTitle;
  return `${singular} ${index + 1}`;
}
