export const outline = {
  title: 'Outline',
  workflow: 'Workflow',
  unnamed: 'Without a name',
  problems: '{count, plural, one {# problem} other {# problems}}',
} as const;
