import type { DataPath, FormState } from '@wfm/workflow-engine/display';
import { type ReactNode, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { AppProviders } from '../src/app/index.ts';
import { applyLanguage, loadMessages, storedLanguage } from '../src/core/index.ts';
import { checkAnswer, DataView, SchemaForm } from '../src/schema/index.ts';
import type { Scene } from './scene.ts';
import './stage.css';

z.config({ jitless: true });
let scenes = 0;
let show: (scene: Scene) => void = () => undefined;
let chosen: DataPath[] = [];
let form: FormState | null = null;

function Place(): ReactNode {
  const [{ scene, number }, setScene] = useState<{ scene: Scene; number: number }>({ scene: {}, number: 0 });
  useEffect(() => {
    show = (next) => flushSync(() => setScene({ scene: next, number: ++scenes }));
    document.body.dataset['ready'] = 'true';
  }, []);
  return (
    <main className="p-4" style={{ width: scene.width }} data-scene={number}>
      <h1 className="sr-only">Stage</h1>
      <Shown key={number} scene={scene} />
    </main>
  );
}

function Shown({ scene: { view, choice, form: asked } }: { scene: Scene }): ReactNode {
  const [now, setNow] = useState(choice?.chosen ?? []);
  if (asked) return <SchemaForm {...asked} onChange={(state) => void (form = state)} />;
  if (!view) return null;
  if (!choice) return <DataView {...view} />;
  const { multi, min, max, disabled = false } = choice;
  const change = (next: DataPath[]): void => {
    chosen = next;
    setNow(next);
  };
  const selection = { multi, chosen: now, onChange: change, disabled, label: 'Which?', min, max };
  return <DataView {...view} selection={selection} />;
}

const language = storedLanguage();
applyLanguage(language);
const messages = await loadMessages(language);
globalThis.stage = {
  draw(scene) {
    chosen = scene.choice?.chosen ?? [];
    form = null;
    show(scene);
  },
  chosen: () => chosen,
  form: () => form,
  checkAnswer,
};
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <AppProviders messages={messages} language={language}>
      <Place />
    </AppProviders>,
  );
}
