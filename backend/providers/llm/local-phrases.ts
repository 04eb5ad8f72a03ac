/**
 * What the offline demo writes with. `{topic}` is the prompt's phrase, `{a}` and `{b}` two of its words; a capital
 * letter asks for one. The words may be nouns, verbs or adjectives, so the phrases lean on none of them.
 */
export const sentences: readonly string[] = [
  'Most people meet {topic} by accident and stay for {a}.',
  'Start with {a}: it is the part that readers remember.',
  'There is more to {topic} than meets the eye, and {a} is where it shows.',
  '{A} and {b} belong together, so they share a place here.',
  'Think of {a} as the door and of {b} as the room behind it.',
  'Keep it short, keep it honest, and let {a} do the talking.',
  'A good next step is to ask who cares about {a} most.',
  'Put {a} first, then {b}, and leave the rest for later.',
  'If one thing about {topic} stays with you, let it be {a}.',
  'What begins with {a} ends, quite often, with {b}.',
  'Every look at {topic} finds another side of {a}.',
  'Without {b}, even the best {a} stays half a story.',
];

export const titles: readonly string[] = [
  'A closer look at {topic}',
  'Why {a} matters',
  'The quiet side of {a}',
  'From {a} to {b}',
  'What {a} can teach us',
  'The little book of {a}',
  '{A}, step by step',
  'All about {topic}',
  'Behind the scenes of {a}',
  'A fresh start for {a}',
];

export const slogans: readonly string[] = [
  'More {a}, less noise.',
  '{A} first. Always.',
  'Made for {a}. Ready for {b}.',
  'Come for {a}, stay for {b}.',
  'Say yes to {a}.',
  'A little {a} goes a long way.',
];

export const questions: readonly string[] = [
  'What would change if {a} came first?',
  'When did {a} last surprise you?',
  'Who is {topic} really for?',
  'Which matters more to you: {a} or {b}?',
  'How would you explain {a} to a friend?',
];

export const reasons: readonly string[] = [
  'It puts {a} where everybody can see it.',
  'It links {a} with {b}, which the brief asks for.',
  'It is the simplest way into {topic}.',
  'It leaves room for {b} without losing {a}.',
];

export const actions: readonly string[] = [
  'Show {a} in one clear picture',
  'Tell the story of {b} in three sentences',
  'Ask five people what {a} means to them',
  'Put {a} and {b} side by side',
  'Write the first line about {topic}',
  'Cut everything that is not {a}',
];

export const scenes: readonly string[] = [
  'A wide view of {topic} in early morning light, calm colours, a little mist',
  'A close view of {a}, soft light from the left, a plain background',
  'Two people talk about {a} at a wooden table, warm colours',
  '{A} and {b} side by side, seen from above, clean and bright',
  'A detail that stands for {topic}, shallow focus, gentle shadows',
];

export const places: readonly string[] = [
  'A kitchen at dawn',
  'A small town square',
  'A workshop by the river',
  'A rooftop in the rain',
  'An old library',
];
export const audiences: readonly string[] = [
  'People who are new to {a}',
  'Everyone who already loves {a}',
  'Friends of {topic}',
  'Busy people who want {b}',
];
export const moods: readonly string[] = ['warm', 'curious', 'playful', 'calm', 'bold', 'thoughtful', 'bright', 'plain'];
export const people: readonly string[] = [
  'Mara Lind',
  'Tomas Reyes',
  'Ines Okafor',
  'Jonas Weller',
  'Priya Nandan',
  'Elif Aydin',
  'Samuel Brook',
  'Noor Haddad',
];
export const names: readonly string[] = [
  '{A} House',
  'Studio {A}',
  '{A} & {B}',
  'The {A} Room',
  '{A} Lane',
  'North of {A}',
];
export const colours: readonly string[] = ['amber', 'sea green', 'brick red', 'slate blue', 'ivory', 'charcoal'];
export const emojis: readonly string[] = ['✨', '🌿', '☀️', '🎈', '📌', '🍀'];
