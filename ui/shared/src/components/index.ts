/** The one set of components of both apps. */
export { Button, type ButtonProps, IconButton, type IconButtonProps, Key } from './button.tsx';
export { classNames } from './class-names.ts';
export { Dialog, type DialogProps } from './dialog.tsx';
export { Menu, MenuItem, MenuLabel, MenuSeparator } from './menu.tsx';
export { ProgressBar } from './progress-bar.tsx';
export { SearchField } from './search-field.tsx';
export { Spinner } from './spinner.tsx';
export { Badge, Card, EmptyState, Notice, Skeleton, type Tone } from './surfaces.tsx';
export { type Tab, Tabs } from './tabs.tsx';
export { Combobox, type ComboboxItem, type ComboboxProps } from './combobox.tsx';
