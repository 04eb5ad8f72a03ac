import type { InteractionAnswer } from '../models/interaction.ts';
import type { Scenario } from './preview-settings.ts';

/**
 * Answers of a scenario to questions, by path (format.md 17.7): each as often as it says, once by default, so that an
 * answer which goes back does not go back for ever. Null where the scenario has none, or none left.
 */
export function scenarioAnswers(scenario: Scenario | undefined): (path: string) => InteractionAnswer | null {
  const given = new Map<string, number>();
  const entries = new Map(Object.entries(scenario?.modules ?? {}));
  return (path) => {
    const entry = entries.get(path);
    if (!entry?.answer) return null;
    const before = given.get(path) ?? 0;
    // `times` counts faults where there is one; a question is then answered once.
    if (before >= (entry.fail === undefined ? (entry.times ?? 1) : 1)) return null;
    given.set(path, before + 1);
    return entry.answer;
  };
}
