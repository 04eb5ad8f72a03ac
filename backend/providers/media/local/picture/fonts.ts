import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Fonts of the package, never the machine's: the same text looks the same everywhere. */
export function fontOptions(): { loadSystemFonts: false; fontFiles: string[]; defaultFontFamily: string } {
  const folder = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  return {
    loadSystemFonts: false,
    fontFiles: ['DejaVuSerif-Bold.ttf', 'DejaVuSans-Bold.ttf'].map((name) => join(folder, name)),
    defaultFontFamily: 'DejaVu Sans',
  };
}
