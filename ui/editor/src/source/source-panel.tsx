export function SourcePanel() {
  return null;
}
