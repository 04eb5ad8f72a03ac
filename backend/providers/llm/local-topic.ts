import type { LlmMessage } from '@wfm/workflow-engine/ports';

/** What a prompt is about, as far as its words tell. */
export interface Topic {
  /** A few words that name it, as the prompt wrote them: "a small bakery in Lisbon". */
  phrase: string;
  /** The prompt's significant words, the weightiest first; never empty. */
  words: string[];
}

const maxText = 20_000;
const maxWords = 12;
const minWords = 5;
/** Where a prompt says little, these keep it company. */
const companions = ['small details', 'good company', 'a fresh start', 'everyday life', 'a second look'];

/** Words that say how to write, not about what; an asker's vocabulary, and English's small words of four letters or more. */
const ignored = new Set(
  (
    'about above across after again against also although always among another answer answers around assistant avoid based because been before being below ' +
    'best better between both brief bullet characters choose chosen clear come concise consider content could create current describe description desired details ' +
    'different does doing done down draft each either else english ensure every exactly example examples field fields find first five follow following format four ' +
    'from full generate generated give given goal good have here high home idea include including input instruction instructions instead into item items json just keep ' +
    'kind know language last least less like line lines list long look made make making many match maximum mean medium might minimum more most much must need needs never next none ' +
    'note number object once only option options order other others output over paragraph paragraphs part people person please point points previous produce prompt properties ' +
    'property provide quite rather read ready real really reply request required respond response result results return review right same schema section select selected sentence ' +
    'sentences several shall short should show simple since single some something state step steps still string style such suggest sure system take task tell text than that ' +
    'their them then there these they thing things this those three through time title tone topic total type under until upon used useful user uses using valid value values ' +
    'various very want well were what when where which while will with within without word words work would write writer writing written year your yours yourself feedback ' +
    'article articles audience blog bold calm caption captions careful caring clear concept concepts copywriter editor editorial email engaging expert fresh friendly funny ' +
    'great hashtag hashtags headline headlines helpful keyword keywords large little mention nice option persona post posts readers slogan slogans small social specific ' +
    'summaries summary tagline taglines tags version versions warm'
  ).split(' '),
);

/**
 * Finds a prompt's topic: the phrase after "about", "topic:" and the like if there is one, and the words that occur
 * most in what the person said, system texts counting only when nobody said anything. The same on any machine.
 */
export function topicOf(messages: readonly LlmMessage[]): Topic {
  const said = textOf(messages, 'user');
  const text = /\p{L}/u.test(said) ? said : textOf(messages, 'system');
  const named = namedTopic(text);
  const words = significantWords(text, named ?? '');
  return {
    phrase: named ?? joined(words),
    words: [...words, ...companions].slice(0, Math.max(words.length, minWords)),
  };
}

/** All text of one role, its ends kept when it is long: a prompt begins with its task and ends with its latest wish. */
function textOf(messages: readonly LlmMessage[], role: LlmMessage['role']): string {
  const text = messages
    .filter((message) => message.role === role)
    .flatMap((message) => message.parts)
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n');
  return text.length <= maxText ? text : `${text.slice(0, maxText / 2)}\n${text.slice(-maxText / 2)}`;
}

/** Words of the named topic weigh more; a word keeps its capital when the prompt never wrote it without. */
function significantWords(text: string, named: string): string[] {
  const plain = text.replace(/https?:\S{1,2000}/g, ' ');
  const inTopic = new Set(named.toLowerCase().split(/[^\p{L}\p{M}'’-]+/u));
  const found = new Map<string, { word: string; weight: number; at: number }>();
  let at = 0;
  for (const [word] of plain.matchAll(/\p{L}[\p{L}\p{M}'’-]{2,29}/gu)) {
    at += 1;
    const key = word.toLowerCase().replace(/['’]s$/, '');
    if (key.length < 4 || ignored.has(key)) continue;
    const entry = found.get(key) ?? { word: word.replace(/['’]s$/, ''), weight: inTopic.has(key) ? 3 : 0, at };
    entry.weight += 1;
    if (entry.word !== key && word.startsWith(key.slice(0, 1))) entry.word = key;
    found.set(key, entry);
  }
  return [...found.values()]
    .sort((a, b) => b.weight - a.weight || a.at - b.at)
    .slice(0, maxWords)
    .map((entry) => entry.word);
}

const announced =
  /\b(?:topic|subject|theme|product|occasion|brief|brand|idea)\s{0,3}(?::|is|are)\s{1,3}["“']?([^\n.;!?"”{}]{3,70})/i;
const mentioned =
  /\b(?:about|regarding|introducing|promoting|promotes|promote)\s{1,3}(?!the following|it\b|this\b|that\b)["“']?([^\n.;:!?"”{}]{3,70})/i;

const wanted = /\bfor\s{1,3}((?:our|my|the|a|an)\s[^\n.;:!?"”{}]{3,70})/i;

function namedTopic(text: string): string | undefined {
  const found = announced.exec(text)?.[1] ?? mentioned.exec(text)?.[1] ?? wanted.exec(text)?.[1];
  if (found === undefined) return undefined;
  // The phrase ends where the sentence turns to something else.
  const phrase = found.split(/,|\s(?:that|which|who|with|using|for|in the style)\s/i)[0]?.trim() ?? '';
  const cut = phrase.split(/\s+/).slice(0, 7).join(' ');
  return /\p{L}{3}/u.test(cut) ? cut : undefined;
}

function joined(words: readonly string[]): string {
  const [first = 'this draft', second] = words;
  return second === undefined ? first : `${first} and ${second}`;
}
