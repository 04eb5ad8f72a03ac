/** One plays at a time: what begins to play pauses whatever else does in this page (ux.md U12). */
export function playAlone(playing: HTMLMediaElement): void {
  for (const other of document.querySelectorAll<HTMLMediaElement>('audio, video')) {
    if (other !== playing && !other.paused) other.pause();
  }
}
