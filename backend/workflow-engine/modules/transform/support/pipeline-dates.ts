const isoForm = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const minute = 60_000;

/** Reads an ISO 8601 date. Without a zone it means UTC, so that no host's own zone shows. */
function parseDate(text: string): Date | undefined {
  const parts = text.length <= 40 ? isoForm.exec(text.trim()) : null;
  if (!parts) return undefined;
  const [, day = '', clock = '00:00:00', zone = 'Z'] = parts;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const date = new Date(`${day}T${clock.length === 5 ? `${clock}:00` : clock}${offset}`);
  // A day such as 31 February would roll over into the next month.
  const whole = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || Number.isNaN(whole.getTime()) || whole.toISOString().slice(0, 10) !== day
    ? undefined
    : date;
}

/** What a format specifier may stand for: digits at least and at most, and the part of the date it fills. */
const specifiers: Record<string, [number, number, keyof Parts]> = {
  Y: [4, 4, 'year'],
  G: [4, 4, 'year'],
  m: [1, 2, 'month'],
  d: [1, 2, 'day'],
  H: [1, 2, 'hour'],
  M: [1, 2, 'minute'],
  S: [1, 2, 'second'],
  L: [1, 3, 'millisecond'],
};

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  /** Minutes that the zone is ahead of UTC; undefined when the text names none. */
  offset?: number;
}

/**
 * Reads a date by a format of `%Y %m %d %H %M %S %L %b %B %z %%`, one letter at a time. Without a format: ISO 8601.
 *
 * @param zone used when the text names none: `Europe/Paris`, `+02:00`
 */
export function readDate(text: string, format?: string, zone?: string): Date | undefined {
  const date = format === undefined ? parseDate(text) : byFormat(text, format, zone);
  if (!date || format !== undefined || zone === undefined || /(?:Z|[+-]\d\d:?\d\d)$/.test(text.trim())) return date;
  return new Date(date.getTime() - offsetOf(zone, date) * minute);
}

function byFormat(text: string, format: string, zone: string | undefined): Date | undefined {
  const parts: Parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  let at = 0;
  for (let index = 0; index < format.length; index++) {
    const letter = format.charAt(index);
    if (letter !== '%') {
      if (text.charAt(at++) !== letter) return undefined;
      continue;
    }
    const taken = takePart(text, at, format.charAt(++index), parts);
    if (taken === undefined) return undefined;
    at += taken;
  }
  if (
    at !== text.length ||
    parts.month < 1 ||
    parts.month > 12 ||
    parts.hour > 23 ||
    parts.minute > 59 ||
    parts.second > 59
  )
    return undefined;
  const local = Date.UTC(
    parts.year,
    parts.month - 1,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second,
    parts.millisecond,
  );
  const utc = new Date(local);
  if (utc.getUTCDate() !== parts.day) return undefined;
  return new Date(local - (parts.offset ?? (zone === undefined ? 0 : offsetOf(zone, utc))) * minute);
}

/** Reads one specifier at `at`; how many letters it took, or undefined when the text does not fit. */
function takePart(text: string, at: number, specifier: string, parts: Parts): number | undefined {
  if (specifier === '%') return text.charAt(at) === '%' ? 1 : undefined;
  if (specifier === 'b' || specifier === 'B') {
    const word = /^[A-Za-z]{3,9}/.exec(text.slice(at, at + 9))?.[0] ?? '';
    const month = months.indexOf(word.slice(0, 3).toLowerCase());
    if (month < 0) return undefined;
    parts.month = month + 1;
    return specifier === 'b' ? 3 : word.length;
  }
  if (specifier === 'z') {
    const zone = /^(?:Z|[+-]\d\d:?\d\d)/.exec(text.slice(at, at + 6))?.[0];
    if (zone === undefined) return undefined;
    parts.offset = fixedOffset(zone);
    return zone.length;
  }
  const known = Object.hasOwn(specifiers, specifier) ? specifiers[specifier] : undefined;
  if (!known) throw new Error(`the date format %${specifier} is not supported`);
  const [least, most, part] = known;
  const digits = /^\d*/.exec(text.slice(at, at + most))?.[0] ?? '';
  if (digits.length < least) return undefined;
  parts[part] = Number(digits);
  return digits.length;
}

function fixedOffset(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
}

/** Minutes that a zone is ahead of UTC at a moment. */
function offsetOf(zone: string, at: Date): number {
  if (/^(?:Z|[+-]\d\d:?\d\d)$/.test(zone)) return fixedOffset(zone);
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName');
  const offset = name?.value.replace('GMT', '') ?? '';
  return offset === '' ? 0 : fixedOffset(offset);
}

/** A date from a date, milliseconds or an ISO text. */
export function toDate(value: unknown): Date {
  const date =
    typeof value === 'string'
      ? parseDate(value)
      : new Date(value instanceof Date || typeof value === 'number' ? value : Number.NaN);
  if (!date || Number.isNaN(date.getTime())) throw new Error('the value is no date');
  return date;
}
