export const editor = {
  unnamed: 'Without a name',
  saving: {
    saved: 'Saved',
    saving: 'Saving…',
    offline: 'Offline, kept in this browser',
    conflict: 'Changed elsewhere',
    only_in_this_tab: 'Only in this tab',
    refused: 'Not saved',
  },
  conflict: {
    kept: {
      mine: 'Mine, from a conflict',
      theirs: 'Theirs, from a conflict',
    },
  },
} as const;
