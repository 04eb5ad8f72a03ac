export function ScenariosEditor() {
  return null;
}
