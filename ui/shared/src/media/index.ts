import { lazy } from 'react';

/** Pictures, sounds and films: shown, chosen, cut, made. */
export { AudioPlayer, type AudioPlayerProps } from './audio-player.tsx';
export type { CropFieldProps } from './crop-field.tsx';
export type { CropRegion } from './crop-region.ts';
export { Gallery, type GalleryProps } from './gallery.tsx';
export type { GenerationBlocksProps } from './generation/generation-blocks.tsx';
export type { MediaItem } from './media-item.ts';
export { MediaView, type MediaViewProps } from './media-view.tsx';
export { mediaAddress, type ThumbnailWidth } from './media-address.ts';

/** Loaded when wanted: most questions ask for no media. */
export const GenerationBlocks = lazy(() =>
  import('./generation/generation-blocks.tsx').then((file) => ({ default: file.GenerationBlocks })),
);
export const CropField = lazy(() => import('./crop-field.tsx').then((file) => ({ default: file.CropField })));
