import { Tabs as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab<I extends string> {
  id: I;
  label: ReactNode;
  icon?: ReactNode;
  /** A short mark behind the label. */
  badge?: ReactNode;
}

/** Panels of which one is shown. Arrow keys choose, in reading direction. */
export function Tabs<I extends string>({
  label,
  tabs,
  value,
  onChange,
  children,
}: {
  label: string;
  tabs: readonly Tab<I>[];
  value: I;
  onChange: (id: I) => void;
  /** The panel of the chosen tab. */
  children: ReactNode;
}) {
  return (
    <Primitive.Root value={value} onValueChange={(id) => onChange(id as I)} className="flex min-h-0 flex-col">
      <Primitive.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line px-2">
        {tabs.map(({ id, label: name, icon, badge }) => (
          <Primitive.Trigger
            key={id}
            value={id}
            className="-mb-px flex min-h-11 flex-1 items-center justify-center gap-1.5 border-b-2 border-transparent px-2 text-sm whitespace-nowrap text-ink-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {icon}
            {name}
            {badge}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      <Primitive.Content value={value} className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}
