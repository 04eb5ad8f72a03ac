import { type Person, useAppearance } from '@wfm/shared/app';
import { languages, type Theme } from '@wfm/shared/core';
import { Check, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useTranslations } from 'use-intl';
import { useSignOut } from './sign-out.tsx';

const themes: { theme: Theme; icon: typeof Sun }[] = [
  { theme: 'light', icon: Sun },
  { theme: 'dark', icon: Moon },
  { theme: 'system', icon: Monitor },
];
const item =
  'flex min-h-11 cursor-default items-center gap-2 rounded-sm px-3 text-sm outline-none data-highlighted:bg-sunken';

/** Who is signed in, how the page looks, and the way out. */
export function AccountMenu({ person }: { person: Person }) {
  const words = useTranslations('account');
  const appearance = useAppearance();
  const signOut = useSignOut(person.user_id);
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger className="flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-md px-2 text-sm hover:bg-sunken">
          <span className="grid size-7 place-items-center rounded-full bg-accent-soft text-accent-strong">
            <UserRound aria-hidden className="size-4" />
          </span>
          <span className="sr-only max-w-32 truncate sm:not-sr-only" data-content dir="auto">
            {person.name}
          </span>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={6}
            className="z-40 min-w-56 rounded-md border border-line bg-surface p-1 shadow-2"
          >
            <DropdownMenu.Label className="px-3 pt-2 pb-1 text-xs text-ink-faint">{words('theme')}</DropdownMenu.Label>
            <DropdownMenu.RadioGroup
              value={appearance.theme}
              onValueChange={(theme) => appearance.setTheme(theme as Theme)}
            >
              {themes.map(({ theme, icon: Icon }) => (
                <DropdownMenu.RadioItem key={theme} value={theme} className={item}>
                  <Icon aria-hidden className="size-4 text-ink-soft" />
                  {words(theme)}
                  <DropdownMenu.ItemIndicator className="ms-auto">
                    <Check aria-hidden className="size-4 text-accent" />
                  </DropdownMenu.ItemIndicator>
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
            <DropdownMenu.Separator className="my-1 h-px bg-line" />
            <DropdownMenu.Label className="px-3 pt-1 pb-1 text-xs text-ink-faint">
              {words('language')}
            </DropdownMenu.Label>
            <DropdownMenu.RadioGroup
              value={appearance.language}
              onValueChange={(language) => appearance.setLanguage(language as (typeof languages)[number])}
            >
              {languages
                .filter((language) => language !== 'pseudo')
                .map((language) => (
                  <DropdownMenu.RadioItem key={language} value={language} className={item} lang={language}>
                    {words(`name_${language}` as 'name_en')}
                    <DropdownMenu.ItemIndicator className="ms-auto">
                      <Check aria-hidden className="size-4 text-accent" />
                    </DropdownMenu.ItemIndicator>
                  </DropdownMenu.RadioItem>
                ))}
            </DropdownMenu.RadioGroup>
            <DropdownMenu.Separator className="my-1 h-px bg-line" />
            <DropdownMenu.Item className={item} onSelect={() => void signOut.ask()}>
              <LogOut aria-hidden className="size-4 text-ink-soft" />
              {words('signOut')}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {signOut.dialog}
    </>
  );
}
