import { AppProviders } from '@wfm/shared/app';
import { applyLanguage, loadConfig, loadMessages, storedLanguage } from '@wfm/shared/core';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import './main.css';
import { createAppRouter } from './router.tsx';

// The pages' policy forbids code that is made at run time (ux.md 2.6).
z.config({ jitless: true });

const language = storedLanguage();
applyLanguage(language);
const [messages] = await Promise.all([loadMessages(language), loadConfig(import.meta.env)]);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <AppProviders messages={messages} language={language}>
      <RouterProvider router={createAppRouter()} />
    </AppProviders>,
  );
}
