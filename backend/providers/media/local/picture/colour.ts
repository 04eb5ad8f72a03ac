/** Colours mix in OKLab (Ottosson 2020), where a step looks as large everywhere: no grey in the middle of a gradient. */

/** `#rrggbb`. */
export type Hex = string;
type Triple = [number, number, number];

/** Between two colours; `amount` 0 is the first, 1 the second. */
export function mix(from: Hex, to: Hex, amount: number): Hex {
  const a = toLab(from);
  const b = toLab(to);
  const t = Math.min(1, Math.max(0, amount));
  return fromLab([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]);
}

/** Lighter for a positive amount, darker for a negative one; 1 is the whole way. */
export function shade(colour: Hex, amount: number): Hex {
  const [l, a, b] = toLab(colour);
  const lightness = amount >= 0 ? l + (1 - l) * amount : l * (1 + amount);
  const kept = 1 - Math.abs(amount) * 0.45;
  return fromLab([lightness, a * kept, b * kept]);
}

/** Turns the hue by some degrees and scales how strong the colour is. */
export function turn(colour: Hex, degrees: number, strength = 1): Hex {
  const [l, a, b] = toLab(colour);
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle) * strength;
  const sin = Math.sin(angle) * strength;
  return fromLab([l, a * cos - b * sin, a * sin + b * cos]);
}

/** How light a colour looks, 0 to 1. */
export function lightness(colour: Hex): number {
  return toLab(colour)[0];
}

/** Red, green and blue, 0 to 255. */
export function rgb(colour: Hex): Triple {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function toLab(colour: Hex): Triple {
  const [r, g, b] = rgb(colour).map((part) => linear(part / 255)) as Triple;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([lightness, a, b]: Triple): Hex {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const parts = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${parts.map((part) => byte(part).toString(16).padStart(2, '0')).join('')}`;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function byte(value: number): number {
  const clamped = Math.min(1, Math.max(0, value));
  const encoded = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}
