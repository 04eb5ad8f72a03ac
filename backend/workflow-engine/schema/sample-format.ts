import type { Draw } from './draw.ts';

const hosts = ['example.com', 'example.org', 'example.net'];
const names = ['anna', 'ben', 'clara', 'david', 'emma', 'felix', 'greta', 'henry', 'iris', 'jonas'];
const two = (value: number): string => String(value).padStart(2, '0');
const hex = (draw: Draw, length: number): string => Array.from({ length }, () => draw.int(0, 15).toString(16)).join('');
const date = (draw: Draw): string => `20${two(draw.int(20, 29))}-${two(draw.int(1, 12))}-${two(draw.int(1, 28))}`;
const time = (draw: Draw): string => `${two(draw.int(0, 23))}:${two(draw.int(0, 59))}:00Z`;

/** Addresses are those that RFC 2606, 3849 and 5737 keep for documentation: nobody owns them. */
const makers: Record<string, (draw: Draw) => string> = {
  date,
  time,
  'date-time': (draw) => `${date(draw)}T${time(draw)}`,
  duration: (draw) => `PT${draw.int(1, 59)}M`,
  email: (draw) => `${draw.pick(names)}@${draw.pick(hosts)}`,
  hostname: (draw) => `${draw.pick(names)}.${draw.pick(hosts)}`,
  uri: (draw) => `https://${draw.pick(hosts)}/${draw.pick(names)}`,
  'uri-reference': (draw) => `/${draw.pick(names)}/${draw.int(1, 99)}`,
  uuid: (draw) =>
    `${hex(draw, 8)}-${hex(draw, 4)}-4${hex(draw, 3)}-${draw.pick([...'89ab'])}${hex(draw, 3)}-${hex(draw, 12)}`,
  color: (draw) => `#${hex(draw, 6)}`,
  ipv4: (draw) => `192.0.2.${draw.int(1, 254)}`,
  ipv6: (draw) => `2001:db8::${hex(draw, 3)}1`,
  'json-pointer': (draw) => `/${draw.pick(names)}/${draw.int(0, 9)}`,
  regex: (draw) => `^${draw.pick(names)}$`,
};
/** Where a longer text is asked for, these can grow without losing their form. */
const growable = new Map<string, (text: string, missing: number) => string>([
  ['email', (text, missing) => `${'a'.repeat(Math.min(missing, 60))}${text}`],
  ['uri', (text, missing) => `${text}/${'a'.repeat(missing)}`],
  ['uri-reference', (text, missing) => `${text}${'a'.repeat(missing)}`],
  ['json-pointer', (text, missing) => `${text}${'a'.repeat(missing)}`],
  ['regex', (text, missing) => `${text.slice(0, -1)}${'a'.repeat(missing)}$`],
]);
const shortest: Record<string, string> = {
  email: 'a@b.co',
  uri: 'a:b',
  'uri-reference': 'a',
  hostname: 'a.b',
  duration: 'P1D',
  color: '#abc',
  ipv6: '::1',
  ipv4: '1.1.1.1',
  regex: 'a',
  'json-pointer': '',
};

/** A text of that format, or undefined when the format is none that we check. Lengths are met where the format allows. */
export function sampleFormat(
  format: string,
  draw: Draw,
  minLength = 0,
  maxLength = Number.POSITIVE_INFINITY,
): string | undefined {
  const text = Object.hasOwn(makers, format) ? makers[format]?.(draw) : undefined;
  if (text === undefined) return undefined;
  if (text.length > maxLength) return shortest[format] ?? text;
  return text.length < minLength ? (growable.get(format)?.(text, minLength - text.length) ?? text) : text;
}
