export const writing = { title: 'Text' } as const;
