export const publish = {
  publish: 'Publish',
  published: 'Published as version {number}',
  nothingNew: 'Version {number} says this already',
  toRun: 'Run it',
  blocked: 'Mend the errors under Problems first',
  compare: {
    title: 'Versions are not compared here yet',
    text: 'Starting a workflow that has changed shows what is different.',
    back: 'Back to the draft',
  },
} as const;
