import type { useFormatter } from 'use-intl';

type Formatter = ReturnType<typeof useFormatter>;

const currencies = new Set(Intl.supportedValuesOf('currency'));
const units = new Set(Intl.supportedValuesOf('unit'));
/** What is written short, by the name that the standard gives it. */
const short: Readonly<Record<string, string>> = {
  s: 'second',
  sec: 'second',
  min: 'minute',
  h: 'hour',
  km: 'kilometer',
  m: 'meter',
  cm: 'centimeter',
  mm: 'millimeter',
  kg: 'kilogram',
  g: 'gram',
  l: 'liter',
  ml: 'milliliter',
  '°C': 'celsius',
  '°F': 'fahrenheit',
};

/** A number with its unit as the locale writes both: `12.5 km`, `€1,299.50`, `85%`; an unknown unit follows it. */
export function withUnit(value: number, unit: unknown, locale: string, format: Formatter): string {
  const plain = (): string => format.number(value, { maximumFractionDigits: 12, useGrouping: 'min2' });
  if (typeof unit !== 'string' || unit === '') return plain();
  if (unit === '%') return format.number(value / 100, { style: 'percent', maximumFractionDigits: 4 });
  if (currencies.has(unit)) return format.number(value, { style: 'currency', currency: unit });
  const known = Object.hasOwn(short, unit) ? short[unit] : unit;
  if (known !== undefined && units.has(known)) {
    const style = { style: 'unit', unit: known, unitDisplay: 'short', maximumFractionDigits: 12 } as const;
    return new Intl.NumberFormat(locale, style).format(value);
  }
  return `${plain()} ${unit}`;
}
