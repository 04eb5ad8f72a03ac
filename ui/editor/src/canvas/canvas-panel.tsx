export function CanvasPanel() {
  return null;
}
