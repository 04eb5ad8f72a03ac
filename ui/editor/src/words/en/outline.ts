export const outline = { title: 'Outline' } as const;
