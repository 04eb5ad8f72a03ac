import { parsePointer } from './location.ts';
import { compileSafeRegex } from './safe-regex.ts';

// Native expressions are safe here: each runs on a text of bounded length, or looks for one character.
const shapes = {
  date: { most: 10, shape: /^\d{4}-\d\d-\d\d$/ },
  time: { most: 40, shape: /^\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/ },
  duration: {
    most: 60,
    shape: /^P(?:\d+W|(?:(?:\d+Y)?\d+M(?:\d+D)?|\d+[YD])?(?:T(?:(?:\d+H)?\d+M(?:\d+S)?|\d+[HS]))?)$/,
  },
  mailbox: { most: 64, shape: /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/ },
  label: { most: 63, shape: /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/ },
  uuid: { most: 36, shape: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i },
  color: { most: 9, shape: /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i },
  octet: { most: 3, shape: /^(?:0|[1-9]\d*)$/ },
  hextet: { most: 4, shape: /^[\da-f]+$/i },
} as const;

function full(name: keyof typeof shapes, text: string): boolean {
  const { most, shape } = shapes[name];
  return text.length <= most && shape.test(text);
}

function isDate(text: string): boolean {
  if (!full('date', text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}

/** RFC 3339 time with zone; a leap second only where it falls on 23:59:60 UTC. */
function isTime(text: string): boolean {
  if (!full('time', text)) return false;
  const [hour = 0, minute = 0, second = 0] = [text.slice(0, 2), text.slice(3, 5), text.slice(6, 8)].map(Number);
  const zone = /([+-])(\d\d):(\d\d)$/.exec(text);
  const zoneHour = Number(zone?.[2] ?? 0);
  const zoneMinute = Number(zone?.[3] ?? 0);
  if (hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) return false;
  if (second < 60) return true;
  const offset = (zone?.[1] === '-' ? -1 : 1) * (zoneHour * 60 + zoneMinute);
  return (hour * 60 + minute - offset + 2880) % 1440 === 1439;
}

function isDateTime(text: string): boolean {
  return /^[Tt]$/.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => full('label', label));
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => full('octet', part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    const parts = half === '' ? [] : half.split(':');
    for (const [position, part] of parts.entries()) {
      const last = index === halves.length - 1 && position === parts.length - 1;
      if (last && part.includes('.') && isIpv4(part)) groups += 2;
      else if (full('hextet', part)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  return at > 0 && full('mailbox', text.slice(0, at)) && isHostname(text.slice(at + 1));
}

/** The characters of RFC 3986 and whole percent escapes; where each may stand is left to whoever opens it. */
function isUriReference(text: string): boolean {
  return !/[^\w.~:/?#[\]@!$&'()*+,;=%-]/.test(text) && !/%(?![\da-f]{2})/i.test(text);
}

function isUri(text: string): boolean {
  const colon = text.indexOf(':');
  return colon > 0 && /^[a-z][a-z\d+.-]*$/i.test(text.slice(0, Math.min(colon, 64))) && isUriReference(text);
}

function isRegex(text: string): boolean {
  try {
    compileSafeRegex(text);
    return true;
  } catch {
    return false;
  }
}

/** The formats that are checked. A format that is not here says nothing (2020-12, format-annotation). */
export const formats: ReadonlyMap<string, (text: string) => boolean> = new Map<string, (text: string) => boolean>([
  ['date', isDate],
  ['time', isTime],
  ['date-time', isDateTime],
  ['duration', (text) => full('duration', text) && /\d[A-Z]$/.test(text)],
  ['email', isEmail],
  ['hostname', isHostname],
  ['uri', isUri],
  ['uri-reference', isUriReference],
  ['uuid', (text) => full('uuid', text)],
  ['color', (text) => full('color', text)],
  ['ipv4', isIpv4],
  ['ipv6', isIpv6],
  ['json-pointer', (text) => parsePointer(text) !== undefined],
  ['regex', isRegex],
]);
