export const common = {
  appName: 'WFM',
  run: 'Run',
  build: 'Build',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'The browser did not let it be copied. Select the text and copy it by hand.',
  delete: 'Delete',
  back: 'Back',
  more: 'More',
  less: 'Less',
  search: 'Search',
  loading: 'Loading',
  loadMore: 'Load more',
  home: 'Home',
  none: 'None',
  optional: 'optional',
  showDetails: 'Show details',
  copyReport: 'Copy report',
  skipToContent: 'Skip to the content',
} as const;

export const connection = {
  connecting: 'Connecting…',
  live: 'Live',
  asleep: 'Paused while hidden',
  reconnecting: 'Reconnecting',
  seconds: 'in {seconds, plural, one {# s} other {# s}}',
  offline: 'Offline, answers are kept',
  retry: 'Try to connect now',
} as const;

export const status = {
  created: 'Created',
  processing: 'Working',
  awaiting_input: 'Needs you',
  awaiting_task: 'Generating',
  target_reached: 'Target reached',
  completed: 'Finished',
  cancelled: 'Cancelled',
  error: 'Failed',
  validation_failed: 'Check the answer',
} as const;

export const failure = {
  title: 'That did not work',
  goneTitle: 'Not here',
  goneText: 'There is nothing here that {account} may see. It may have been deleted, or belong to somebody else.',
  reference: 'Reference {id}',
  morePlaces: 'and {count, plural, one {# more} other {# more}}',
  waitingFor: 'Still waiting for the server…',
  crashed: 'This part of the page has failed',
  crashedText: 'The rest goes on working, and nothing that you saved is lost.',
} as const;

export const nav = {
  label: 'Pages',
  home: 'Home',
  waiting: 'Needs you',
  runs: 'Runs',
  settings: 'Settings',
  users: 'Users',
} as const;

export const account = {
  theme: 'Theme',
  light: 'Light',
  dark: 'Dark',
  system: 'As the system',
  language: 'Language',
  name_en: 'English',
  name_ar: 'العربية',
  signOut: 'Sign out',
  signOutFailed: 'Signing out did not work. Try again.',
} as const;

export const keys = {
  title: 'Keys',
  goTo: 'Go to anything',
  keys: 'This list',
  send: 'Send the answer',
  retry: 'Try again, with what should be different',
  choose: 'Choose the first to ninth item',
  select: 'Choose or take back; play a sound',
  next: 'Next card',
  previous: 'Card before',
  branch: 'Branch from the card',
  state: 'State',
  files: 'Files',
  download: 'Download what has the focus',
  close: 'Close',
  workflow: 'Workflow',
} as const;

export const leaving = {
  title: 'You have answers that were not sent',
  text: '{count, plural, one {One answer} other {# answers}} you began here and did not send.',
  keep: 'Sign out, keep them on this device',
  delete: 'Sign out and delete them',
  back: 'Stay signed in',
} as const;
