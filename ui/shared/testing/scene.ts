import type { DataPath, FormState } from '@wfm/workflow-engine/display';
import type { checkAnswer, DataViewProps, SchemaFormProps } from '../src/schema/index.ts';

/** What a test wants to see; functions are the stage's own. */
export interface Scene {
  view?: Omit<DataViewProps, 'selection'>;
  /** The view is a question. */
  choice?: { multi: boolean; min?: number; max?: number; chosen?: DataPath[]; disabled?: boolean };
  form?: Omit<SchemaFormProps, 'onChange'>;
  /** Width of the place in pixels. */
  width?: number;
}

/** What a test may ask of the page. */
export interface Stage {
  /** Draws a scene in the place of the one before, at once. */
  draw(scene: Scene): void;
  /** What is chosen now. */
  chosen(): DataPath[];
  /** The form as it stands. */
  form(): FormState | null;
  checkAnswer: typeof checkAnswer;
}

declare global {
  var stage: Stage;
}
