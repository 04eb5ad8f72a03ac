import { type ReactNode, useContext } from 'react';
import { LevelContext } from './view-context.ts';

/** A heading of the level at which it stands. */
export function Heading({ className, children }: { className?: string; children: ReactNode }) {
  const Tag = `h${useContext(LevelContext)}` as const;
  return <Tag className={className}>{children}</Tag>;
}

/** What stands below a heading. */
export function BelowHeading({ children }: { children: ReactNode }) {
  const level = useContext(LevelContext);
  return <LevelContext value={level < 6 ? ((level + 1) as 4 | 5 | 6) : 6}>{children}</LevelContext>;
}
