/** As Python rounds, which Jinja relies on: to the nearest, an exact half to the even digit (2.5 to 2, 3.5 to 4). */
export function roundHalfEven(number: number, precision: number): number {
  if (precision > 15 || Math.abs(number) >= 1e21) return number;
  if (precision < 0) {
    const scale = 10 ** -precision;
    return Number.isFinite(scale) ? roundHalfEven(number / scale, 0) * scale : 0;
  }
  const exact = number.toFixed(Math.min(100, precision + 40));
  const point = exact.indexOf('.') + 1;
  const isHalf = /^50*$/.test(exact.slice(point + precision));
  if (!isHalf) return Number(number.toFixed(precision));
  const cut = exact.slice(0, point + precision).replace(/\.$/, '');
  const isEven = Number(cut.at(-1)) % 2 === 0;
  return isEven ? Number(cut) : Number((Number(cut) + Math.sign(number) * 10 ** -precision).toFixed(precision));
}
