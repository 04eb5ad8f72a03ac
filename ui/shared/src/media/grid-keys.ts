/** Where a key leads from `at` in a grid of `count` cells, `columns` wide; undefined for a key that leads nowhere. */
export function gridTarget(
  key: string,
  at: number,
  { count, columns, pageRows, isRtl }: { count: number; columns: number; pageRows: number; isRtl: boolean },
): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: isRtl ? -1 : 1,
    ArrowLeft: isRtl ? 1 : -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * pageRows,
    PageUp: -columns * pageRows,
  };
  if (count === 0) return undefined;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined) return undefined;
  const to = at + step;
  // From a full row above a short last one, down leads to the end rather than nowhere.
  if (key === 'ArrowDown' || key === 'PageDown')
    return to < count ? to : Math.floor(at / columns) < Math.floor((count - 1) / columns) ? count - 1 : at;
  if (key === 'ArrowUp' || key === 'PageUp') return to >= 0 ? to : at % columns;
  return Math.min(count - 1, Math.max(0, to));
}
