import { type RefObject, useLayoutEffect, useState } from 'react';

/** How many columns of at least `least` pixels fit into an element now; two on the narrowest phone. */
export function useColumns(element: RefObject<HTMLElement | null>, least: number, gap: number): number {
  const [columns, setColumns] = useState(2);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    const measure = (): void => setColumns(Math.max(2, Math.floor((box.clientWidth + gap) / (least + gap))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element, least, gap]);
  return columns;
}
