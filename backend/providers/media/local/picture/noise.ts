import type { Random } from '../random.ts';

/** Smooth noise along a line, in [-1, 1], with several octaves: outlines of hills, water and cloth. */
export function lineNoise(random: Random, octaves: number, roughness = 0.5): (x: number) => number {
  const size = 256;
  const values = Array.from({ length: size }, () => random.between(-1, 1));
  const at = (x: number): number => {
    const floor = Math.floor(x);
    const t = x - floor;
    const eased = t * t * (3 - 2 * t);
    const a = values[((floor % size) + size) % size] ?? 0;
    const b = values[(((floor + 1) % size) + size) % size] ?? 0;
    return a + (b - a) * eased;
  };
  return (x) => {
    let sum = 0;
    let weight = 1;
    let total = 0;
    for (let octave = 0; octave < octaves; octave += 1) {
      sum += at(x * 2 ** octave + octave * 37.7) * weight;
      total += weight;
      weight *= roughness;
    }
    return sum / total;
  };
}

/** Smooth noise on a plane, in [0, 1], from integer hashing alone. */
export function planeNoise(seed: number): (x: number, y: number) => number {
  const corner = (x: number, y: number): number => {
    let hash = Math.imul(x, 374_761_393) + Math.imul(y, 668_265_263) + Math.imul(seed | 0, 974_634_777);
    hash = Math.imul(hash ^ (hash >>> 13), 1_274_126_177);
    return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
  };
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = x - left;
    const v = y - top;
    const eu = u * u * (3 - 2 * u);
    const ev = v * v * (3 - 2 * v);
    const a = corner(left, top);
    const b = corner(left + 1, top);
    const c = corner(left, top + 1);
    const d = corner(left + 1, top + 1);
    return a + (b - a) * eu + (c - a) * ev + (a - b - c + d) * eu * ev;
  };
}
