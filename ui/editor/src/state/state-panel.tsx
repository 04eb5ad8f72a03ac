export function StatePanel() {
  return null;
}
