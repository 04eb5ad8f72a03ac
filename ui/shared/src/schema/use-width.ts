import { type RefObject, useLayoutEffect, useState } from 'react';

export type Width = 'base' | 'md' | 'lg';

/** How wide a place is, by the same steps as the grids of views (view.css); measured before anything is painted. */
export function useWidth(place: RefObject<HTMLElement | null>): Width {
  const [width, setWidth] = useState<Width>('base');
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const measure = (): void => {
      const rem = element.clientWidth / Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setWidth(rem >= 60 ? 'lg' : rem >= 36 ? 'md' : 'base');
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
