/** A number as somebody of this locale writes it; undefined for anything else. A point is understood everywhere. */
export function parseNumber(text: string, locale: string): number | undefined {
  const { decimal, group } = marksOf(locale);
  const latin = [...text.trim()].map(latinDigit).join('').replace(/[−–]/g, '-');
  const plain = latin.replaceAll(/[\s\u00a0\u202f]/g, '');
  for (const candidate of [plain, plain.replaceAll(group, '').replace(decimal, '.')]) {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(candidate)) return Number(candidate);
  }
  return undefined;
}

/** As it is put into a field: with the locale's decimal mark and without groups. */
export function printNumber(value: unknown, locale: string): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : '';
  return String(value).replace('.', marksOf(locale).decimal);
}

function marksOf(locale: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(12345.6);
  const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: find('decimal') || '.', group: find('group') || '\u0000' };
}

/** Digits of other scripts; the Arabic marks with them. */
function latinDigit(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0x660 && code <= 0x669) return String(code - 0x660);
  if (code >= 0x6f0 && code <= 0x6f9) return String(code - 0x6f0);
  return char === '٫' ? '.' : char === '٬' ? '' : char;
}
