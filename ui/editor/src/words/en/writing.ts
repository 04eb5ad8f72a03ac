export const writing = {
  title: 'Text',
  file: 'File',
  text: 'Text of {file}',
  undo: 'Undo',
  redo: 'Redo',
  unparsed: 'This is no JSON yet: line {line}, column {column}. It is kept; the workflow is as it was until it is.',
} as const;
