import { isJsonObject, type InteractionRequest } from '@wfm/workflow-engine/models';

/** A way to go on from a question, or back (format.md 12). */
export interface Option {
  readonly id: string;
  readonly mode: 'continue' | 'retry' | 'jump';
  readonly label: string;
  /** The label is the author's own. */
  readonly isContent: boolean;
  readonly shortcut?: string;
  readonly hidden: boolean;
  readonly feedback?: { readonly prompt?: string; readonly defaultMessage: string };
  readonly validations: NonNullable<InteractionRequest['rules']>['validations'];
  /** False for a way that nobody named: then the answer names none either. */
  readonly named: boolean;
}

/** The ways out of a question in their order, the standard one told by `standard`; `fallback` names one without a name. */
export function optionsOf(request: InteractionRequest, fallback: string): { options: Option[]; standard: Option } {
  const { retryable, extra_options: extra, rules } = request;
  const own = (retryable?.options ?? []).map((option): Option => {
    const { id, mode, label, shortcut, hidden = false, feedback, validations = [] } = option;
    return {
      id,
      mode,
      // What an author names nothing, the server calls "Continue" in every language.
      ...(id === 'continue' && ['', 'Continue'].includes(label)
        ? { label: fallback, isContent: false }
        : { label: label === '' ? id : label, isContent: true }),
      ...(shortcut === undefined ? {} : { shortcut }),
      hidden,
      ...(feedback?.enabled === true
        ? {
            feedback: {
              ...(feedback.prompt === undefined ? {} : { prompt: feedback.prompt }),
              defaultMessage: feedback.default_message ?? '',
            },
          }
        : {}),
      validations,
      named: true,
    };
  });
  const menu = extra.filter(isJsonObject).flatMap(({ id, mode, label, description }): Option[] => {
    if (typeof id !== 'string' || own.some((option) => option.id === id)) return [];
    const words = [label, description].find((text): text is string => typeof text === 'string' && text !== '');
    return [
      {
        id,
        mode: mode === 'retry' ? 'retry' : 'jump',
        label: words ?? id,
        isContent: true,
        hidden: false,
        validations: [],
        named: true,
      },
    ];
  });
  const standard = own.find(({ id }) => id === retryable?.default_option);
  const first = own.find(({ mode }) => mode === 'continue');
  const plain: Option = {
    id: 'continue',
    mode: 'continue',
    label: fallback,
    isContent: false,
    hidden: false,
    validations: rules.validations,
    named: false,
  };
  const main = standard ?? first ?? plain;
  return { options: [...(main === plain ? [plain] : []), ...own, ...menu], standard: main };
}
