export interface Frame {
  event: string;
  data: Record<string, unknown>;
}

/** The frames of a stream's text that name their event, in order. */
export function framesIn(text: string): Frame[] {
  return text.split('\n\n').flatMap((block) => {
    const event = /^event: (.*)$/m.exec(block)?.[1];
    return event === undefined ? [] : [{ event, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null') }];
  });
}
