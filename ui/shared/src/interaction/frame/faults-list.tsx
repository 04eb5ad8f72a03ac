import { type RefObject, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/surfaces.tsx';
import { type Fault, hasErrors } from '../answering/faults.ts';
import { focusField, hasField } from './find-field.ts';

/** Everything that is wrong with an answer, each with a way to its field; the first one gets the focus (U8). */
export function FaultsList({
  faults,
  led,
  card,
  onConfirm,
}: {
  faults: readonly Fault[];
  /** Grows whenever the person is to be led there. */
  led: number;
  card: RefObject<HTMLElement | null>;
  /** Sends it all the same, where only warnings are left. */
  onConfirm: () => void;
}) {
  const words = useTranslations('interaction');
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(faults);
  latest.current = faults;
  useEffect(() => {
    if (led === 0 || latest.current.length === 0) return;
    const isGrave = hasErrors(latest.current);
    const first = latest.current.find(({ place }) => place !== undefined && hasField(card.current, place))?.place;
    // Warnings are a question of their own: it is read before anything else.
    if (!isGrave || !first || !focusField(card.current, first)) box.current?.focus();
  }, [led, card]);
  if (faults.length === 0) return null;
  const isGrave = hasErrors(faults);
  return (
    <div
      ref={box}
      tabIndex={-1}
      data-faults
      className="rounded-md outline-none focus-visible:ring-2 focus-visible:ring-accent"
    >
      <Notice
        live
        tone={isGrave ? 'bad' : 'warn'}
        title={isGrave ? words('checkAnswer', { count: faults.length }) : words('checkWarnings')}
        action={isGrave ? undefined : <Button onClick={onConfirm}>{words('sendAnyway')}</Button>}
      >
        <ul className="grid max-h-40 gap-0.5 overflow-auto">
          {faults.map((fault, index) => (
            <li key={index}>
              <FaultLine fault={fault} card={card} />
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function FaultLine({ fault, card }: { fault: Fault; card: RefObject<HTMLElement | null> }) {
  const words = useTranslations('interaction');
  const { place, message, isContent, label } = fault;
  const text = (
    <>
      {label === undefined ? null : (
        <span className="font-medium" data-content dir="auto">
          {label}:{' '}
        </span>
      )}
      <span data-content={isContent || undefined} dir="auto">
        {message}
      </span>
    </>
  );
  if (!place || (place.row === undefined && !hasField(card.current, place))) return text;
  return (
    <button
      type="button"
      className="min-h-11 text-start underline decoration-current/40 underline-offset-2 hover:decoration-current sm:min-h-8"
      onClick={() => focusField(card.current, place)}
    >
      {place.row === undefined ? null : <span>{words('inRow', { number: place.row + 1 })} · </span>}
      {text}
    </button>
  );
}
