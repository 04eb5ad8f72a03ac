import { SpecialValue } from './values.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');

/** A calendar date and a time of day in some zone. `offset` in minutes east of UTC, `weekday` from Sunday = 0. */
interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  weekday: number;
  dayOfYear: number;
  offset: number;
}

const numeric = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

interface ZoneFormatters {
  clock: Intl.DateTimeFormat;
  name: Intl.DateTimeFormat;
}

const formatters = new Map<string, ZoneFormatters>();

/** Formatters of a zone, or null for a zone that does not exist. Kept: making one takes longer than a whole render. */
function formattersOf(timeZone: string): ZoneFormatters | null {
  const known = formatters.get(timeZone);
  if (known) return known;
  try {
    const made = {
      clock: new Intl.DateTimeFormat('en-US', { ...numeric, timeZone }),
      name: new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }),
    };
    if (formatters.size < 1000) formatters.set(timeZone, made);
    return made;
  } catch {
    return null;
  }
}

/** What `now()` gives (format.md 6.4): an instant, read in a zone. */
export class DateValue extends SpecialValue {
  readonly typeName = 'a date';
  private readonly instant: Date;
  private readonly zone: string;
  private readonly formatters: ZoneFormatters;
  private local: LocalTime | null = null;

  private constructor(instant: Date, zone: string, zoneFormatters: ZoneFormatters) {
    super();
    this.instant = instant;
    this.zone = zone;
    this.formatters = zoneFormatters;
  }

  /** Null when there is no such zone, or the instant is none. */
  static at(instant: Date, zone: string): DateValue | null {
    const found = formattersOf(zone);
    return found === null || Number.isNaN(instant.getTime()) ? null : new DateValue(instant, zone, found);
  }

  read(key: string): unknown {
    switch (key) {
      case 'year':
      case 'month':
      case 'day':
      case 'hour':
      case 'minute':
      case 'second':
        return this.time()[key];
      default:
        return undefined;
    }
  }

  toData(): string {
    return this.isoFormat();
  }

  /** `2024-05-01T12:00:00+02:00`, with six digits of a second when they are not zero, as Python writes it. */
  isoFormat(): string {
    const { millisecond } = this.time();
    const fraction = millisecond === 0 ? '' : `.${pad(millisecond, 3)}000`;
    return `${this.strftime('%Y-%m-%dT%H:%M:%S')}${fraction}${zoneOffset(this.time().offset, ':')}`;
  }

  /** Python's `strftime` with English names; a directive without meaning stays as written. */
  strftime(format: string): string {
    return format.replace(/%(-?)([a-zA-Z%])/g, (whole, bare: string, letter: string) => {
      const text = this.directive(letter);
      if (text === null) return whole;
      return bare === '' ? text : text.replace(/^0+(?=\d)/, '');
    });
  }

  private directive(letter: string): string | null {
    const time = this.time();
    const hour12 = time.hour % 12 === 0 ? 12 : time.hour % 12;
    switch (letter) {
      case 'Y':
        return pad(time.year, 4);
      case 'y':
        return pad(time.year % 100, 2);
      case 'm':
        return pad(time.month, 2);
      case 'B':
        return months[time.month - 1] as string;
      case 'b':
      case 'h':
        return (months[time.month - 1] as string).slice(0, 3);
      case 'd':
        return pad(time.day, 2);
      case 'e':
        return String(time.day).padStart(2, ' ');
      case 'j':
        return pad(time.dayOfYear, 3);
      case 'A':
        return days[time.weekday] as string;
      case 'a':
        return (days[time.weekday] as string).slice(0, 3);
      case 'w':
        return String(time.weekday);
      case 'u':
        return String(time.weekday === 0 ? 7 : time.weekday);
      case 'H':
        return pad(time.hour, 2);
      case 'I':
        return pad(hour12, 2);
      case 'M':
        return pad(time.minute, 2);
      case 'S':
        return pad(time.second, 2);
      case 'f':
        return `${pad(time.millisecond, 3)}000`;
      case 'p':
        return time.hour < 12 ? 'AM' : 'PM';
      case 'z':
        return zoneOffset(time.offset, '');
      case 'Z':
        return this.zone === 'UTC' ? 'UTC' : this.zoneName();
      case 's':
        return String(Math.floor(this.instant.getTime() / 1000));
      case 'U':
        return pad(Math.floor((time.dayOfYear + 6 - time.weekday) / 7), 2);
      case 'W':
        return pad(Math.floor((time.dayOfYear + 6 - ((time.weekday + 6) % 7)) / 7), 2);
      case 'G':
        return pad(isoWeek(time).year, 4);
      case 'V':
        return pad(isoWeek(time).week, 2);
      case 'F':
        return this.strftime('%Y-%m-%d');
      case 'T':
      case 'X':
        return this.strftime('%H:%M:%S');
      case 'R':
        return this.strftime('%H:%M');
      case 'D':
      case 'x':
        return this.strftime('%m/%d/%y');
      case 'c':
        return this.strftime('%a %b %e %H:%M:%S %Y');
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case '%':
        return '%';
      default:
        return null;
    }
  }

  private zoneName(): string {
    const parts = this.formatters.name.formatToParts(this.instant);
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? this.zone;
  }

  private time(): LocalTime {
    this.local ??= readLocalTime(this.instant, this.formatters.clock);
    return this.local;
  }
}

function readLocalTime(instant: Date, formatter: Intl.DateTimeFormat): LocalTime {
  const part: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const millisecond = ((instant.getTime() % 1000) + 1000) % 1000;
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    millisecond,
    weekday: new Date(wall).getUTCDay(),
    dayOfYear: Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    offset: Math.round((wall + millisecond - instant.getTime()) / 60_000),
  };
}

/** ISO 8601: the week belongs to the year that holds its Thursday. */
function isoWeek(time: LocalTime): { year: number; week: number } {
  const monday = (time.weekday + 6) % 7;
  const thursday = new Date(Date.UTC(time.year, time.month - 1, time.day + 3 - monday));
  const year = thursday.getUTCFullYear();
  return { year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000)) };
}

function zoneOffset(minutes: number, between: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${between}${pad(size % 60, 2)}`;
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, '0');
}
