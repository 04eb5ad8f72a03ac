/** How a scene is drawn, and what is done to the pixels afterwards. */

export type Look = 'soft' | 'flat' | 'cut' | 'line' | 'glow';
export type Finish = 'oil' | 'stipple' | 'fibre' | 'wash' | 'print' | 'film';

interface Style {
  title: string;
  look: Look;
  finish: Finish;
}

export const styles = {
  painted: { title: 'Painted', look: 'soft', finish: 'oil' },
  poster: { title: 'Poster', look: 'flat', finish: 'stipple' },
  papercut: { title: 'Cut paper', look: 'cut', finish: 'fibre' },
  watercolour: { title: 'Watercolour', look: 'soft', finish: 'wash' },
  ink: { title: 'Ink drawing', look: 'line', finish: 'fibre' },
  print: { title: 'Two-colour print', look: 'flat', finish: 'print' },
  glow: { title: 'Neon lines', look: 'glow', finish: 'film' },
} as const satisfies Record<string, Style>;

export type StyleName = keyof typeof styles;
export const styleNames = Object.keys(styles) as [StyleName, ...StyleName[]];
