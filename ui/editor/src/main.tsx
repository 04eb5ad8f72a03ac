import { AppProviders } from '@wfm/shared/app';
import { applyLanguage, loadConfig, loadMessages, storedLanguage } from '@wfm/shared/core';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import './main.css';
import { createEditorRouter } from './router.tsx';
import { EditorWordsProvider } from './words/editor-words.tsx';

// The pages' policy forbids code that is made at run time (ux.md 2.6).
z.config({ jitless: true });

const language = storedLanguage();
applyLanguage(language);
const [messages] = await Promise.all([loadMessages(language), loadConfig(import.meta.env)]);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <AppProviders messages={messages} language={language}>
      <EditorWordsProvider>
        <RouterProvider router={createEditorRouter()} />
      </EditorWordsProvider>
    </AppProviders>,
  );
}
