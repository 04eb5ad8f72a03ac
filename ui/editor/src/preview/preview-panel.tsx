export function PreviewPanel() {
  return null;
}
